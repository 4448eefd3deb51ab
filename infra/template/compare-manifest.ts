import { factsOfManifest } from './manifest-facts.ts'
import type { Template } from './template.ts'
import { factsOfTemplate } from './template-facts.ts'

/** One line for each fact in which the manifest and a template differ; none when the template is what the manifest says. */
export function manifestDifferences(template: Template): readonly string[] {
  const promised = factsOfManifest()
  const built = factsOfTemplate(template)
  return [...new Set([...promised.keys(), ...built.keys()])]
    .filter((fact) => promised.get(fact) !== built.get(fact))
    .map(
      (fact) =>
        `${fact}: the manifest says ${promised.get(fact) ?? 'nothing'}, the template ${built.get(fact) ?? 'nothing'}`,
    )
}
