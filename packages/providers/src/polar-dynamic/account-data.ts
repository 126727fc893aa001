import type { ProviderHttp } from '../kit/http.ts'
import { membersOf } from '../kit/token-answer.ts'

/** Who it is and what they entered of their body; it knows no dates. */
export async function accountData(http: ProviderHttp): Promise<Readonly<Record<string, unknown>>> {
  const { body } = await http.get('/user/account-data')
  const { accountData: inner = body } = membersOf(body)
  return membersOf(inner)
}
