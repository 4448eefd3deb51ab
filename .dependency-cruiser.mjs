// The walls between the rooms. test/house/import-rules.test.ts plants a violation of every rule and expects it caught.

const planes = '^(control-plane|tenant-stack)/'
const code = '^(control-plane|tenant-stack|shared|portal|infra|scripts|test)/'
/** Tests and what they share: in test/, or beside the file they are about. */
const tests = ['^test/', '\\.(test|fixture)\\.tsx?$']
const testsAndBenches = [...tests, '^scripts/bench/']
const leaves = ['^test/', '^scripts/']

/** A package by its own name or by the name of its types. */
const packages = (...names) => names.map((name) => `(^|/)node_modules/(@types/)?${name}(/|$)`)
const builtins = (...names) => `^(node:)?(${names.join('|')})(/|$)`

/** @returns {import('dependency-cruiser').IForbiddenRuleType} */
const forbid = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to })
/** Only files under `rooms` may use the packages or built-ins of `to`; tests may too, to compare with them. */
const oneDoor = (name, comment, rooms, to) =>
  forbid(name, comment, { pathNot: [...rooms, 'node_modules/', ...tests] }, to)

const ground = [
  forbid('no-cycles', 'A cycle means two files are one concept.', {}, { circular: true }),
  forbid('resolvable', 'A path that resolves nowhere would escape every other rule.', {}, { couldNotResolve: true }),
  forbid(
    'production-packages-only',
    'What runs in production is not a development dependency.',
    { path: '^(control-plane|tenant-stack|shared)/', pathNot: tests },
    { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['npm'], pathNot: 'node_modules/@types/' },
  ),
  forbid('nothing-imports-test', 'Only tests and benches do.', { pathNot: testsAndBenches }, { path: tests }),
  forbid('nothing-imports-scripts', 'scripts/ are leaves.', { pathNot: '^scripts/' }, { path: '^scripts/' }),
]

const rooms = [
  forbid(
    'shared-is-a-leaf',
    'shared/ imports nothing of ours.',
    { path: '^shared/' },
    { path: code, pathNot: ['^shared/', ...leaves] },
  ),
  forbid(
    'planes-are-strangers',
    'The two planes meet only in shared/, and know nothing of what shows or stamps them.',
    { path: planes },
    { path: code, pathNot: ['^$1/', '^shared/', ...leaves] },
  ),
  forbid(
    'infra-reads-data-only',
    'infra/ takes the manifest, the contracts, and files of packages that it puts beside the code; it names handlers by path and imports no runtime code.',
    { path: '^infra/' },
    { path: code, pathNot: ['^infra/', `${planes}manifest\\.ts$`, '^shared/(contracts|assets)/', ...leaves] },
  ),
  forbid(
    'portal-takes-contracts-and-api',
    'The portal takes contracts and API types, nothing else of ours.',
    { path: '^portal/' },
    { path: code, pathNot: ['^portal/', '^shared/contracts/', `${planes}api/`, ...leaves] },
  ),
  forbid(
    'portal-takes-api-types-only',
    'API code in the browser would bring the server with it.',
    { path: '^portal/' },
    { path: `${planes}api/`, dependencyTypesNot: ['type-only'] },
  ),
  forbid(
    'portal-features-are-strangers',
    'A feature that needs another one shares a concept that has no name yet.',
    { path: '^portal/src/features/([^/]+)/' },
    { path: '^portal/src/features/', pathNot: '^portal/src/features/$1/' },
  ),
]

const layers = [
  forbid(
    'core-knows-no-edge',
    'core/ is asked by the rest of its plane and asks nobody but shared/.',
    { path: `${planes}core/`, pathNot: tests },
    { path: '^$1/', pathNot: ['^$1/core/', '^$1/manifest\\.ts$'] },
  ),
  forbid(
    'core-uses-no-builtin',
    'Decisions know no files, network, process, crypto or clock: these come by ctx.',
    { path: ['^(control-plane|tenant-stack)/core/', '^shared/itip/'], pathNot: tests },
    { dependencyTypes: ['core'] },
  ),
  forbid(
    'core-uses-pure-packages',
    'Decisions take schemas and dates, never HTTP, mail, AWS or Stripe.',
    { path: ['^(control-plane|tenant-stack)/core/', '^shared/itip/'], pathNot: tests },
    { path: 'node_modules/', pathNot: packages('zod', 'temporal-polyfill', 'temporal-spec') },
  ),
  forbid(
    'contracts-know-contracts',
    'A contract that needs the code behind it is not a contract.',
    { path: '^shared/contracts/', pathNot: tests },
    { path: '^shared/', pathNot: '^shared/(contracts|errors)/' },
  ),
  forbid(
    'contracts-run-anywhere',
    'The browser, infra and both planes read contracts: zod alone.',
    { path: '^shared/contracts/', pathNot: tests },
    { dependencyTypes: ['core', 'npm', 'npm-dev', 'npm-optional', 'npm-peer'], pathNot: packages('zod') },
  ),
  forbid(
    'pipelines-know-no-edge',
    'A pipeline is (ctx, input) → outcome: what calls it knows it, not the other way round.',
    { path: `${planes}(pipelines|provisioning|cell)/`, pathNot: tests },
    { path: '^$1/(api|pages)/' },
  ),
  forbid(
    'only-entries-wire',
    'A wire file, one per runtime, is called by entries: handlers, the embedded runtime, scripts and tests.',
    { path: planes, pathNot: [`${planes}(handlers|embedded)/`, ...tests] },
    { path: '^$1/wire(-aws|-cell|-activator)?\\.ts$' },
  ),
  forbid(
    'handlers-are-entries',
    'Nobody imports a Lambda entry.',
    { path: planes, pathNot: [`${planes}handlers/`, ...tests] },
    { path: '^$1/handlers/' },
  ),
  forbid(
    'embedded-runtime-is-an-entry',
    'Only scripts start the embedded runtime.',
    { path: planes, pathNot: [`${planes}embedded/`, ...tests] },
    { path: '^$1/embedded/' },
  ),
  forbid(
    'api-resources-are-strangers',
    'Resources share core/, never each other; app.ts composes them.',
    { path: `${planes}api/resources/([^/.]+)` },
    { path: '^$1/api/resources/', pathNot: '^$1/api/resources/$2(/|\\.)' },
  ),
  forbid(
    'pages-are-strangers',
    'Pages share their frame page.ts, never each other; app.ts composes them.',
    { path: `${planes}pages/([^/.]+)`, pathNot: [`${planes}pages/app\\.`] },
    { path: '^$1/pages/', pathNot: ['^$1/pages/$2(/|\\.)', '^$1/pages/page\\.ts$'] },
  ),
]

const doors = [
  oneDoor('one-door-to-scalar', 'Its bundle is read out in one place.', ['^shared/assets/'], {
    path: packages('@scalar'),
  }),
  oneDoor(
    'one-door-to-icaljs',
    'ical.js guesses, hangs and throws on real mail: its wrapper alone sees it, the bench compares with it.',
    ['^shared/icalendar/', '^scripts/bench/'],
    { path: packages('ical\\.js') },
  ),
  oneDoor(
    'one-door-to-mailparser',
    'mailparser has inputs that hang: its wrapper in the budgeted child alone sees it, the bench compares with it.',
    ['^shared/imip/', '^scripts/bench/'],
    { path: packages('mailparser', '@zone-eu/mailsplit') },
  ),
  oneDoor('one-door-to-mailauth', 'Who a mail is from is decided in one place.', ['^shared/imip/'], {
    path: packages('mailauth'),
  }),
  oneDoor(
    'smtp-in-embedded-only',
    'SMTP is how the embedded runtime meets the world; scripts send samples and compare.',
    ['^shared/platform/embedded/', '^tenant-stack/embedded/', '^scripts/'],
    { path: packages('nodemailer', 'smtp-server'), pathNot: 'nodemailer/.+addressparser' },
  ),
  oneDoor(
    'address-parser-where-mail-is-read',
    'Addresses of a mail are read where mail is read.',
    ['^shared/imip/read/'],
    { path: '(^|/)node_modules/nodemailer/.+addressparser' },
  ),
  oneDoor(
    'processes-where-budgeted',
    'A child process is the parser pool or the supervisor: any other escapes the budgets.',
    ['^shared/imip/', '^shared/runtime/', '^(control-plane|tenant-stack)/embedded/', '^scripts/'],
    { path: builtins('child_process', 'worker_threads', 'cluster') },
  ),
  oneDoor(
    'sqlite-in-embedded-platform',
    'Only the embedded ports know that their store is SQLite.',
    ['^shared/platform/embedded/'],
    { path: builtins('sqlite') },
  ),
  oneDoor(
    'aws-in-adapters',
    'The AWS SDK stays behind the ports; the bench of sending compares with it.',
    [
      '^shared/platform/aws/',
      '^control-plane/cloud/aws/',
      '^infra/delivery/s3-release-store\\.ts$',
      '^scripts/bench/send/',
    ],
    {
      path: packages('@aws-sdk', '@smithy', '@aws-lambda-powertools'),
    },
  ),
  oneDoor('stripe-in-billing', 'Stripe is spoken to by billing alone.', ['^control-plane/billing/'], {
    path: packages('stripe'),
  }),
  oneDoor('one-door-to-dns-packet', 'Packets of strangers are taken apart in one place.', ['^control-plane/dns/'], {
    path: packages('dns-packet'),
  }),
  oneDoor('sign-in-in-api', 'Who somebody is gets decided at one edge.', ['^control-plane/api/sign-in/'], {
    path: packages('better-auth', '@better-auth'),
  }),
  oneDoor('cdk-in-infra-only', 'The CDK stays in infra/ and its tests.', ['^infra/'], {
    path: packages('aws-cdk-lib', 'aws-cdk', 'constructs', 'cdk-nag'),
  }),
  oneDoor(
    'hono-at-the-edge',
    'HTTP ends at the edge: core, pipelines and wire do not know it.',
    [`${planes}(api|pages|handlers|embedded)/`, '^control-plane/[a-z-]+/embedded/', '^shared/runtime/http-door\\.ts$'],
    { path: packages('hono', '@hono') },
  ),
  oneDoor(
    'implementations-are-wired-once',
    'Only wire files choose an implementation of a port; everyone else takes ctx (the bench chooses too).',
    [
      `${planes}wire(-aws|-cell|-activator|-rate)?\\.ts$`,
      '^shared/platform/(embedded|aws|node)/',
      '^control-plane/cloud/(aws|simulated)/',
      '^scripts/bench/',
    ],
    { path: ['^shared/platform/(embedded|aws|node)/', '^control-plane/cloud/(aws|simulated)/'] },
  ),
  forbid(
    'implementations-are-strangers',
    'Two implementations of one port that share code share its faults.',
    { path: '^(shared/platform|control-plane/cloud)/(embedded|aws|simulated)/' },
    { path: '^$1/(embedded|aws|simulated)/', pathNot: '^$1/$2/' },
  ),
]

export default {
  forbidden: [...ground, ...rooms, ...layers, ...doors],
  options: {
    doNotFollow: { path: 'node_modules' },
    // Our own output only: a dist/ below node_modules is how most packages look.
    exclude: { path: ['^(\\.tsc|dist|cdk\\.out|coverage|data)/', '^(infra|portal)/(dist|cdk\\.out)/'] },
    // Type-only imports tie two rooms as tightly as others.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    detectProcessBuiltinModuleCalls: true,
    enhancedResolveOptions: {
      conditionNames: ['import', 'node', 'types', 'default'],
      exportsFields: ['exports'],
      extensions: ['.ts', '.tsx', '.mts', '.vue', '.js', '.mjs', '.json', '.d.ts'],
    },
  },
}
