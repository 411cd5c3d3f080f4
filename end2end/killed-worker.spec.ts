import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, open, test } from './support/journey';
import { logInAsAdmin } from './support/shopper';
import { speak, story } from './support/sound';
import { drop, expectDone, watchTitle } from './support/uploading';
import { Worker } from './support/worker';

// The shop takes a worker for dead after the shortest time there is.
test.use({ wishes: { settings: { LECTERN_WORKER__LEASE_SECONDS: '5' } } });
test.describe.configure({ timeout: 300_000 });

interface Standing {
    /** Stretches that are saved, and all there are. */
    done: number;
    total: number;
    /** Every sentence that was heard, with its times. */
    sentences: unknown[];
}

async function standing(page: Page, id: string): Promise<Standing> {
    const { view } = await (await page.request.get(`/api/production/view?id=${id}`)).json();
    const sentences = await (await page.request.get(`/api/production/transcript-preview?id=${id}`)).json();
    return { done: view.chunks_done, total: view.chunks_total, sentences };
}

test('a worker killed in the middle of a transcript is followed by another, and nothing is heard twice', async ({ page, shop, folder }) => {
    const file = join(folder, 'three stories.wav');
    speak([story(1), story(2), story(3)].join('\n\n'), file);
    const transcribe = page.getByTestId('step-transcribe');

    const id = await test.step('a title waits for a worker', async () => {
        await logInAsAdmin(page);
        await open(page, '/admin');
        await drop(page, [file]);
        const id = await watchTitle(page);
        await expect(page.getByTestId('step-probe')).toHaveAttribute('data-status', 'queued');
        await expect(page.getByTestId('no-worker')).toBeVisible();
        return id;
    });

    const first = Worker.hire(shop, 'first');
    const before = await test.step('the worker is killed while it hears the fifth stretch', async () => {
        await expect.poll(() => first.asked().length, { intervals: [20], timeout: 120_000 }).toBeGreaterThanOrEqual(5);
        await first.kill();
        return standing(page, id);
    });
    // One after the other: what was saved is what was asked first.
    const saved = first.asked().slice(0, before.done);
    expect(new Set(first.asked()).size).toBe(first.asked().length);
    expect(before.done).toBeGreaterThanOrEqual(4);
    expect(first.asked().length - before.done, 'what was being heard').toBeLessThanOrEqual(1);
    expect(before.done).toBeLessThan(before.total - 2);
    await expect(transcribe, 'nobody knows yet that it is dead').toHaveAttribute('data-status', 'running');

    const second = Worker.hire(shop, 'second');
    await test.step('another one goes on', async () => {
        await expectDone(page, 'transcribe', 'describe', 'done');
        await expect(transcribe).toContainText('attempt 2');
    });

    const after = await standing(page, id);
    expect(after).toMatchObject({ done: before.total, total: before.total });
    expect(second.asked().filter((stretch) => saved.includes(stretch)), 'heard by both').toEqual([]);
    expect(new Set(second.asked()).size, 'heard by the second').toBe(second.asked().length);
    expect(saved.length + second.asked().length, 'heard in all').toBe(before.total);
    expect(after.sentences.slice(0, before.sentences.length), 'what was saved stays').toEqual(before.sentences);
});
