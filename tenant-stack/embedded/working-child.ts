import { parseEnvironment } from '#shared/contracts/environment.ts'
import { isPortChosen } from '#shared/runtime/is-port-chosen.ts'
import { liveAsChild } from '#shared/runtime/working-child.ts'
import { ownDataFolder } from '#tenant-stack/wire.ts'
import { openProduct } from './product.ts'

liveAsChild({
  own: () => ownDataFolder(parseEnvironment(process.env)),
  async open() {
    const opened = await openProduct(parseEnvironment(process.env), {
      isHttpPortChosen: isPortChosen(process.env, 'CONVOKE_HTTP_PORT'),
      isSmtpPortChosen: isPortChosen(process.env, 'CONVOKE_SMTP_PORT'),
    })
    if (opened.kind === 'refused') return opened
    const { opened: told, close } = opened.product
    return {
      kind: 'opened',
      ports: { CONVOKE_HTTP_PORT: told.httpPort, CONVOKE_SMTP_PORT: told.smtpPort },
      told,
      close,
    }
  },
})
