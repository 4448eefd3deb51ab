import type { FigureGroup } from './figure.ts'

/** Every group of figures, in the order they run; a new one is one more entry. */
export const groups: readonly FigureGroup[] = [
  { name: 'start', isQuick: true, load: async () => (await import('../bench/start/start-figures.ts')).startFigures },
  {
    name: 'compose',
    isQuick: true,
    load: async () => (await import('../bench/compose/compose-figures.ts')).composeFigures,
  },
  {
    name: 'disassemble',
    isQuick: true,
    load: async () => (await import('../bench/disassemble/disassemble-figures.ts')).disassembleFigures,
  },
  {
    name: 'replies',
    isQuick: true,
    load: async () => (await import('../bench/replies/replies-figures.ts')).repliesFigures,
  },
  {
    name: 'corpus',
    isQuick: true,
    wantsDir: true,
    load: async () => (await import('../bench/corpus/corpus-figures.ts')).corpusFigures,
  },
  { name: 'bombs', isQuick: true, load: async () => (await import('../bench/bombs/bombs-figures.ts')).bombsFigures },
  { name: 'kill9', isQuick: true, load: async () => (await import('../bench/kill9/kill9-figures.ts')).kill9Figures },
  { name: 'list', isQuick: true, load: async () => (await import('../bench/list/list-figures.ts')).listFigures },
  { name: 'rate', isQuick: true, load: async () => (await import('../bench/rate/rate-figures.ts')).rateFigures },
  { name: 'send', isQuick: true, load: async () => (await import('../bench/send/send-figures.ts')).sendFigures },
  {
    name: 'profile',
    isQuick: false,
    load: async () => (await import('../bench/profile/profile-figures.ts')).profileFigures,
  },
  { name: 'units', isQuick: true, load: async () => (await import('../bench/units/units-figures.ts')).unitsFigures },
  {
    name: 'contract',
    isQuick: true,
    load: async () => (await import('../bench/contract/contract-figures.ts')).contractFigures,
  },
  { name: 'stack', isQuick: true, load: async () => (await import('../bench/stack/stack-figures.ts')).stackFigures },
  { name: 'cold', isQuick: true, load: async () => (await import('../bench/cold/cold-figures.ts')).coldFigures },
  { name: 'synth', isQuick: true, load: async () => (await import('../bench/synth/synth-figures.ts')).synthFigures },
  {
    name: 'emulator',
    isQuick: true,
    load: async () => (await import('../bench/emulator/emulator-figures.ts')).emulatorFigures,
  },
  {
    name: 'saga',
    isQuick: true,
    load: async () => (await import('../bench/saga/saga-figures.ts')).sagaFigures,
  },
  {
    name: 'stripe',
    // Every order of eight events: minutes of both processors.
    isQuick: false,
    load: async () => (await import('../bench/stripe/stripe-figures.ts')).stripeFigures,
  },
  {
    name: 'onboarding',
    isQuick: true,
    load: async () => (await import('../bench/onboarding/onboarding-figures.ts')).onboardingFigures,
  },
  {
    name: 'fleet',
    isQuick: true,
    load: async () => (await import('../bench/fleet/fleet-figures.ts')).fleetFigures,
  },
  {
    name: 'isolation',
    isQuick: true,
    load: async () => (await import('../bench/isolation/isolation-figures.ts')).isolationFigures,
  },
  {
    name: 'simulation',
    isQuick: true,
    load: async () => (await import('../bench/simulation/simulation-figures.ts')).simulationFigures,
  },
  {
    name: 'forgery',
    isQuick: true,
    load: async () => (await import('../bench/forgery/forgery-figures.ts')).forgeryFigures,
  },
  { name: 'fuzz', isQuick: true, load: async () => (await import('../bench/fuzz/fuzz-figures.ts')).fuzzFigures },
]
