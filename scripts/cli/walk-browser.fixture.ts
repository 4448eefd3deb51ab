type Asked = Omit<RequestInit, 'headers'> & { readonly headers?: Readonly<Record<string, string>> }

type Fields = Readonly<Record<string, string | readonly string[]>>

/** What a person has before him: cookies, forms, links, and the page that shows mails of this machine. */
export function createBrowser(baseUrl: string) {
  const cookies = new Map<string, string>()

  async function ask(url: string, init: Asked = {}): Promise<Response> {
    const response = await fetch(new URL(url, baseUrl), {
      ...init,
      redirect: 'manual',
      headers: { ...init.headers, cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
    })
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      cookies.set(name, value)
    }
    return response
  }

  return {
    get: async (url: string) => (await ask(url)).text(),
    /** Sends a form of the page itself; throws when it is refused. */
    async post(url: string, fields: Fields): Promise<Response> {
      const body = new URLSearchParams()
      for (const [name, value] of Object.entries(fields))
        for (const one of typeof value === 'string' ? [value] : value) body.append(name, one)
      const { origin } = new URL(url, baseUrl)
      const response = await ask(url, { method: 'POST', body, headers: { origin } })
      if (response.status >= 400) throw new Error(`${url} answered ${response.status}: ${await response.text()}`)
      return response
    },
    /** A call of the API by the session; with a body a POST. `path` begins behind /v1. */
    async api(path: string, body?: unknown): Promise<{ readonly status: number; readonly body: unknown }> {
      const response = await ask(
        `/v1${path}`,
        body === undefined
          ? {}
          : {
              method: 'POST',
              body: JSON.stringify(body),
              headers: { 'content-type': 'application/json', origin: new URL(baseUrl).origin },
            },
      )
      return { status: response.status, body: await response.json() }
    },
    /** The link of the newest mail to an address; waits until it is there. */
    async linkMailedTo(address: string): Promise<string> {
      for (let looks = 0; looks < 200; looks += 1) {
        const list = await (await ask('/mail')).text()
        const row = list.split('<li>').find((one) => one.includes(`to ${address}`))
        const path = row === undefined ? undefined : /href="(\/mail\/[^"]+)"/.exec(row)?.[1]
        const mail = path === undefined ? '' : await (await ask(path)).text()
        const link = /href="([^"]*\/sign-in\/link\/[^"]+)"/.exec(mail)?.[1]
        if (link !== undefined) return link
        await new Promise((resolve) => setTimeout(resolve, 50))
      }
      throw new Error(`no link was mailed to ${address}`)
    },
  }
}
