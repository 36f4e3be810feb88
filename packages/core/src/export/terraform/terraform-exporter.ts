import type { PlanExporter } from '../exporter.ts'
import { otherAccountFiles } from '../other-accounts.ts'
import { terraformReadme } from '../readme/terraform-readme.ts'
import { printHcl } from './hcl.ts'
import { buildModule } from './module.ts'
import { printTerraformJson } from './terraform-json.ts'

/** One root module in the layout that Terraform users expect; `.tf.json` on request. */
export const terraformExporter: PlanExporter = {
  render(plan, options) {
    const print = options.json ? printTerraformJson : printHcl
    const module = buildModule(plan)
    const imports = module.imports.length > 0
    const files = Object.entries(module)
      .filter(([, blocks]) => blocks.length > 0)
      .map(([name, blocks]) => ({
        path: `${name}.tf${options.json ? '.json' : ''}`,
        text: print(blocks),
        executable: false,
      }))
    return [
      ...files,
      ...otherAccountFiles(plan),
      { path: 'README.md', text: terraformReadme(plan, options, { imports }), executable: false },
    ]
  },
}
