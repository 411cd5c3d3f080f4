import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, open, test } from './support/journey';
import { buy, logInAsAdmin, register } from './support/shopper';
import { enlarge, sha256, speak, story } from './support/sound';
import { drop, expectDone, watchTitle } from './support/uploading';

const SERVER = process.env.LECTERN_TEST_S3;
/** Bytes of a part of a growing file, in the bucket. */
const PART = 8 * 1024 * 1024;
const TITLE = 'the-year-of-the-owl';

test.describe.configure({ timeout: 300_000 });

// A build machine has to have a server; elsewhere it is said that the journey was not made.
if (SERVER || process.env.CI) {
    test.use({ wishes: { worker: true, s3: SERVER ?? '' } });

    test('a shop that keeps its files in a bucket takes a book in, makes it, and plays it', async ({ page, shop, folder }) => {
        const spoken = join(folder, 'spoken.wav');
        const file = join(folder, 'a-large-story.wav');
        speak(story(1), spoken);
        enlarge(spoken, file);
        const sound = readFileSync(file);
        expect(sound.length, 'more than a part').toBeGreaterThan(PART * 1.1);

        const id = await test.step('a book comes in and is made', async () => {
            await logInAsAdmin(page);
            await open(page, '/admin');
            await drop(page, [file]);
            const id = await watchTitle(page);
            await expectDone(page, 'upload', 'probe', 'prepare', 'transcribe', 'describe', 'done');
            await expect(page.locator('#transcript')).toContainText(/lighthouse/i);
            return id;
        });

        await test.step('any stretch of it can be had, and the whole is what was sent', async () => {
            for (const [from, to] of [[0, 99], [PART - 50, PART + 49], [sound.length - 100, sound.length - 1]]) {
                const answer = await page.request.get(`/listen/${id}/parts/0`, { headers: { range: `bytes=${from}-${to}` } });
                expect(answer.status()).toBe(206);
                expect(answer.headers()['content-range']).toBe(`bytes ${from}-${to}/${sound.length}`);
                expect((await answer.body()).equals(sound.subarray(from, to + 1)), `bytes ${from} to ${to}`).toBe(true);
            }
            const beyond = await page.request.get(`/listen/${id}/parts/0`, { headers: { range: `bytes=${sound.length}-` } });
            expect(beyond.status()).toBe(416);
            const whole = await page.request.get(`/download/${id}/parts/0`);
            expect(sha256(await whole.body())).toBe(sha256(sound));
        });

        await test.step('a buyer hears a book', async () => {
            const answers = new Set<number>();
            page.on('response', (response) => {
                if (/\/listen\/[0-9a-f-]{36}\/parts\/0$/.test(response.url())) answers.add(response.status());
            });
            await page.context().clearCookies();
            await register(page);
            await buy(page, TITLE);
            await open(page, `/library/${TITLE}`);
            await page.getByTestId('player').getByTestId('play').click();
            await expect.poll(() => page.evaluate(() => document.querySelector('audio')?.currentTime ?? 0)).toBeGreaterThan(1);
            expect([...answers], 'it comes in stretches').toEqual([206]);
        });

        expect(existsSync(join(shop.data, 'storage')), 'nothing is kept in a folder').toBe(false);
    });
} else {
    console.log('Left out: the journey on S3, for want of a server (LECTERN_TEST_S3).');
}
