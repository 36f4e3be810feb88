import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { program, row } from './measure.mjs'

const gigabyte = 1_000_000_000

/** Gigabytes of CloudTrail records through standard input, made as they go: memory must not grow with them. */
export async function benchRecords(folder) {
  const one = await readRecords(folder, gigabyte)
  const two = await readRecords(folder, 2 * gigabyte)
  return [
    row('1 GB of CloudTrail records', one.seconds, 's'),
    row('… read at', one.bytes / 1e6 / one.seconds, 'MB/s'),
    row('… peak memory', one.megabytes, 'MB', 150),
    row('… peak memory of 2 GB against 1 GB', two.megabytes / one.megabytes, 'x', 1.1),
    row('… records read', one.records, 'records', one.sent, { atLeast: true }),
  ]
}

async function readRecords(folder, size) {
  const block = makeBlock()
  const child = spawn(
    process.execPath,
    ['--import', peakMemory, program, 'suggest', '--cloudtrail', '-', '--json'],
    {
      cwd: folder,
      stdio: ['pipe', 'ignore', 'pipe'],
    },
  )
  const closed = once(child, 'close')
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text) => {
    said += text
  })
  const started = process.hrtime.bigint()
  const blocks = Math.ceil(size / block.text.length)
  for (let sent = 0; sent < blocks; sent += 1) {
    if (!child.stdin.write(block.text)) await Promise.race([once(child.stdin, 'drain'), closed])
  }
  child.stdin.end()
  const [code] = await closed
  if (code !== 0) throw new Error(`suggest ended with ${code}: ${said}`)
  return {
    seconds: Number(process.hrtime.bigint() - started) / 1e9,
    bytes: blocks * block.text.length,
    sent: blocks * block.records,
    records: Number(/^(\d+) records/m.exec(said)?.[1]),
    megabytes: Number(/^peak (\d+)$/m.exec(said)?.[1]) / 1000,
  }
}

/** Says on leaving how much memory the process held at most, in kilobytes. */
const peakMemory = `data:text/javascript,${encodeURIComponent(
  "process.on('exit', () => console.error('peak ' + process.resourceUsage().maxRSS))",
)}`

/** About a megabyte, one record a line, as lakes export them; one in four is MLflow's. */
function makeBlock() {
  const names = [
    'CreateRun',
    'LogMetric',
    'LogBatch',
    'GetRun',
    'SearchRuns',
    'LogModel',
    'DeleteRun',
    'SetTag',
  ]
  const lines = Array.from({ length: 1000 }, (_, index) => {
    const isMlflow = index % 4 === 0
    const role = `arn:aws:iam::123456789012:role/trainer-${index % 40}`
    const server = `arn:aws:sagemaker:eu-west-1:123456789012:mlflow-tracking-server/ml-${index % 12}`
    return JSON.stringify({
      eventVersion: '1.11',
      userIdentity: {
        type: 'AssumedRole',
        arn: `arn:aws:sts::123456789012:assumed-role/trainer-${index % 40}/session-${index}`,
        sessionContext: { sessionIssuer: { type: 'Role', arn: role } },
      },
      eventTime: new Date(Date.UTC(2026, 8, 1) + index * 60_000).toISOString().replace('.000', ''),
      eventSource: isMlflow ? 'sagemaker.amazonaws.com' : 's3.amazonaws.com',
      eventName: isMlflow ? `Mlflow${names[(index / 4) % names.length]}` : 'GetObject',
      requestParameters: { note: 'x'.repeat(300), key: `experiments/${index}/model.pkl` },
      resources: [
        isMlflow
          ? { type: 'AWS::SageMaker::MlflowTrackingServer', ARN: server }
          : { type: 'AWS::S3::Object' },
      ],
      eventCategory: 'Data',
    })
  })
  return { text: `${lines.join('\n')}\n`, records: lines.length }
}
