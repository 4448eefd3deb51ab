import { Fn } from 'aws-cdk-lib'

/** What Fn::Sub fills in: a parameter, a resource or a pseudo parameter. */
export function slot(name: string): string {
  return `\${${name}}`
}

const ownStack = slot('AWS::StackName')

/** `<stack name>-<name>`: topics, queues and functions carry their stack's name, so that ARNs are known without references. */
export function nameInStack(name: string): string {
  return Fn.sub(`${ownStack}-${name}`)
}

/** ARN of something of this account and region; `resource` may hold slots. */
export function arnHere(service: string, resource: string): string {
  const [partition, region, awsAccountId] = ['AWS::Partition', 'AWS::Region', 'AWS::AccountId'].map(slot)
  return Fn.sub(`arn:${partition}:${service}:${region}:${awsAccountId}:${resource}`)
}

/** ARN of the stack's topic of that name. */
export function topicArnOf(name: string): string {
  return arnHere('sns', `${ownStack}-${name}`)
}

/** ARN of the stack's queue of that name. */
export function queueArnOf(name: string): string {
  return arnHere('sqs', `${ownStack}-${name}`)
}

/** `send-one` → `SendOne`: names as logical ids. */
export function pascalCase(name: string): string {
  return name.replaceAll(/(?:^|[-_])([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
}
