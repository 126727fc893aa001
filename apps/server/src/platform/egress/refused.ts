export type RefusedFor =
  | 'not_an_address'
  | 'scheme'
  | 'port'
  | 'userinfo'
  | 'private_address'
  | 'not_found'
  | 'malformed'

/** A request that was not made. The message is for people and holds nothing of the address but what was wrong with it. */
export class EgressRefused extends Error {
  override name = 'EgressRefused'
  readonly reason: RefusedFor

  constructor(reason: RefusedFor, message: string) {
    super(message)
    this.reason = reason
  }

  /** With who can change it, where somebody can. */
  get forPeople(): string {
    const sentence = `It was not asked: ${this.message}`
    return ['private_address', 'scheme', 'port'].includes(this.reason)
      ? `${sentence}. Whoever runs this hub can allow the host (EGRESS_ALLOW)`
      : sentence
  }
}
