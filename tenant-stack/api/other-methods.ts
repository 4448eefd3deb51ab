import type { OpenAPIHono } from '@hono/zod-openapi'
import type { ApiEnv } from './env.ts'
import { ApiFailure } from './problem.ts'

/** Every address of the API answers the methods that it does not know with 405 and `Allow` (RFC 9110 §15.5.6); after all routes. */
export function refuseOtherMethods(app: OpenAPIHono<ApiEnv>, basePath: string): void {
  const known = app.routes.filter(({ method }) => method !== 'ALL')
  for (const [path, routes] of Map.groupBy(known, (route) => route.path)) {
    const methods = new Set(routes.flatMap(({ method }) => (method === 'GET' ? ['GET', 'HEAD'] : [method])))
    const allow = [...methods].join(', ')
    app.all(path.slice(basePath.length), (c) => {
      c.header('allow', allow)
      throw ApiFailure.method_not_allowed(`This address answers ${allow}.`)
    })
  }
}
