import { factsOfControlManifest } from './control-facts.ts'
import { factsOfManifest } from './manifest-facts.ts'
import type { Template } from './template.ts'
import { factsOfTemplate } from './template-facts.ts'

/** One line for each fact in which the manifest and a tenant's template differ; none when the template is what the manifest says. */
export function manifestDifferences(template: Template): readonly string[] {
  return differences(factsOfManifest(), factsOfTemplate(template))
}

/** The same of the control plane's. */
export function controlDifferences(
  template: Template,
  parameters: Readonly<Record<string, string>>,
): readonly string[] {
  return differences(factsOfControlManifest(), factsOfTemplate(template, parameters))
}

function differences(promised: ReadonlyMap<string, string>, built: ReadonlyMap<string, string>): readonly string[] {
  return [...new Set([...promised.keys(), ...built.keys()])]
    .filter((fact) => promised.get(fact) !== built.get(fact))
    .map(
      (fact) =>
        `${fact}: the manifest says ${promised.get(fact) ?? 'nothing'}, the template ${built.get(fact) ?? 'nothing'}`,
    )
}
