import type { FullConfig, Reporter, Suite, TestCase } from '@playwright/test/reporter';

const LINES = 14;
const COLOURS = /\u001b\[[0-9;]*m/g;

/** Says at the very end, in a few lines, why each journey failed: whoever reads a long log from its end finds it there. */
export default class Digest implements Reporter {
    private suite: Suite | undefined;

    onBegin(_config: FullConfig, suite: Suite): void {
        this.suite = suite;
    }

    onEnd(): void {
        for (const test of this.suite?.allTests() ?? []) {
            if (test.outcome() === 'unexpected') console.log(`\nfailed: ${test.titlePath().filter(Boolean).join(' › ')}\n${why(test)}`);
        }
    }
}

function why(test: TestCase): string {
    const said = test.results.at(-1)?.errors.map((error) => error.message ?? error.value ?? '') ?? [];
    const at = test.results.at(-1)?.error?.location;
    const lines = said.join('\n').replace(COLOURS, '').split('\n').filter((line) => line.trim() !== '');
    return [...lines.slice(0, LINES), ...(at ? [`at ${at.file}:${at.line}`] : [])].map((line) => `    ${line.slice(0, 240)}`).join('\n');
}
