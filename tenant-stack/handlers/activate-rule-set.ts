import { answerCloudFormation } from '#tenant-stack/cell/answer-cloudformation.ts'
import { wireActivator } from '#tenant-stack/wire-activator.ts'

const ctx = wireActivator()

/** The Lambda entry of the custom resource that makes a receipt rule set the active one. */
export async function handler(asked: unknown): Promise<void> {
  await answerCloudFormation(ctx, asked)
}
