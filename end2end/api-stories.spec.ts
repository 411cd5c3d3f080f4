import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import newman from 'newman';
import { expect, test } from './support/programs';
import { ADMIN, ROOT } from './support/server';
import { speak, story } from './support/sound';

/** What newman says of a run: it brings no types. */
interface Told {
    run: { failures: { source?: { name: string }; error: { test?: string; message: string } }[]; stats: { assertions: { total: number } } };
}

test.use({ wishes: { worker: true } });
test.describe.configure({ timeout: 420_000 });

/** Runs one of the collections that are in docs/api, and says what did not come about. */
async function told(name: string, variables: Record<string, string>): Promise<void> {
    const file = join(ROOT, 'docs/api', `${name}.postman_collection.json`);
    const summary = await new Promise<Told>((done, fail) =>
        newman.run(
            {
                collection: JSON.parse(readFileSync(file, 'utf8')),
                envVar: Object.entries(variables).map(([key, value]) => ({ key, value })),
                workingDir: ROOT,
                timeoutRequest: 30_000,
                bail: true,
            },
            (error: Error | null, result: Told) => (error ? fail(error) : done(result)),
        ),
    );
    const failures = summary.run.failures.map(({ source, error }) => `${source?.name}: ${error.test ?? ''} ${error.message}`);
    expect(failures, name).toEqual([]);
    expect(summary.run.stats.assertions.total, 'it is asked whether what it says comes about').toBeGreaterThan(5);
}

test('somebody registers, buys, listens and is paid back, by the collection in the documentation', async ({ shop }) => {
    await told('shopper', { base: shop.address, admin_email: ADMIN.email, admin_password: ADMIN.password });
});

test('an admin uploads a recording, follows its production and publishes it, by the collection in the documentation', async ({ shop, folder }) => {
    const recording = join(folder, 'a-spoken-story.wav');
    speak(story(1), recording);
    await told('office', { base: shop.address, admin_email: ADMIN.email, admin_password: ADMIN.password, recording });
});
