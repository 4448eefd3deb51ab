import { existsSync, readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { playOrganizer, playReply } from './play-scenario.ts'
import { incomingOf, outcomeOf, SCENARIOS, type Scenario, storedMails } from './read-scenario.ts'

const names = readdirSync(SCENARIOS).toSorted()

describe('iTIP scenarios', () => {
  it('are many, and each has an incoming calendar and an outcome', () => {
    expect(names.length).toBeGreaterThanOrEqual(75)
    const isIncomplete = (name: string) =>
      !existsSync(`${SCENARIOS}/${name}/incoming.ics`) || !existsSync(`${SCENARIOS}/${name}/outcome.json`)
    expect(names.filter(isIncomplete)).toEqual([])
  })

  for (const name of names) {
    it(name.replaceAll('-', ' '), () => {
      const scenario: Scenario = {
        outcome: outcomeOf(name),
        stored: storedMails(name),
        incoming: incomingOf(name, 'incoming.ics'),
        invite: existsSync(`${SCENARIOS}/${name}/invite.ics`) ? incomingOf(name, 'invite.ics') : undefined,
      }
      const played = scenario.invite === undefined ? playOrganizer(scenario) : playReply(scenario, scenario.invite)
      const expected = scenario.outcome.decisions
      expect(played.decisions.map((decision) => decision.kind)).toEqual(expected.map((decision) => decision.kind))
      expect(played.decisions).toMatchObject(expected)
      if (scenario.outcome.stored === 'unchanged') expect(played.after).toEqual(played.before)
      else if (scenario.outcome.stored !== undefined) expect(played.after).toMatchObject(scenario.outcome.stored)
    })
  }
})
