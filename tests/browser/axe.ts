// What stands in the way of people who do not look at the page as we do.

import { readFileSync } from 'node:fs';
import type { Page } from './page';

const axe = readFileSync(new URL('../../web/node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');

interface Finding {
  id: string;
  impact: string;
  nodes: { target: unknown; failureSummary: string }[];
}

/** Every violation of every rule that axe knows, whatever its impact. */
export async function findings(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const violations = await page.evaluate(async () => {
    const { axe: runner } = window as unknown as { axe: { run(): Promise<{ violations: Finding[] }> } };
    return (await runner.run()).violations;
  });
  return violations.map(({ id, impact, nodes }) => `${impact} ${id}: ${nodes.map((node) => `${JSON.stringify(node.target)} ${node.failureSummary}`).join('; ')}`);
}
