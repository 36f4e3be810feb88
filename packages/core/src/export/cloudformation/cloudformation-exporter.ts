import type { Plan } from '../../plan/plan.ts'
import type { ExportOptions, PlanExporter } from '../exporter.ts'
import { cloudformationReadme } from '../readme/cloudformation-readme.ts'
import { stacksetReadme } from '../readme/stackset-readme.ts'
import { oneLine } from '../shell-quote.ts'
import { printTemplate } from './print-template.ts'
import { buildTemplate } from './template.ts'

/** One template, for this account and for others like it. */
export const cloudformationExporter: PlanExporter = templateExporter({
  manyRegions: false,
  readme: cloudformationReadme,
})

/** The same template for many accounts, handed out by CloudFormation StackSets. */
export const stacksetExporter: PlanExporter = templateExporter({
  manyRegions: true,
  readme: stacksetReadme,
})

interface Kind {
  readonly manyRegions: boolean
  readonly readme: (plan: Plan, options: ExportOptions, template: string) => string
}

function templateExporter({ manyRegions, readme }: Kind): PlanExporter {
  const mainFile = ({ json }: ExportOptions) => (json ? 'template.json' : 'template.yaml')
  return {
    mainFile,
    render(plan, options) {
      const template = buildTemplate(plan, { manyRegions })
      const text = printTemplate(template, { json: options.json, comment: comment(plan, options) })
      return [
        { path: mainFile(options), text, executable: false },
        { path: 'README.md', text: readme(plan, options, text), executable: false },
      ]
    },
  }
}

function comment(plan: Plan, { toolVersion }: ExportOptions): string {
  const lines = [
    `MLflow access of "${plan.name}", made from plan ${plan.id} by mlflow-iam ${toolVersion}.`,
    `The defaults are those of AWS account ${plan.account}; other accounts set parameters. How: README.md.`,
  ]
  return lines.map((line) => ` ${oneLine(line)}`).join('\n')
}
