import type { AwsConnection } from '@mlflow-iam/aws/connection'

/** What `--confirm` must say: the account's alias, or its id where there is none or it cannot be read. */
export async function accountName(connection: AwsConnection, account: string): Promise<string> {
  try {
    const { client, api } = await connection.iam()
    const { AccountAliases: [alias] = [] } = await client.send(new api.ListAccountAliasesCommand({}))
    return alias ?? account
  } catch {
    return account
  }
}
