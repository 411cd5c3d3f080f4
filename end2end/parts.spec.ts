import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { inspect } from './support/barriers';
import { expect, open, settled, test } from './support/journey';
import { logInAsAdmin } from './support/shopper';
import { humming } from './support/sound';
import { drop, expectDone, watchTitle } from './support/uploading';

test.use({ wishes: { worker: true } });
test.describe.configure({ timeout: 300_000 });

/** The parts as the list has them, by the names of their files. */
async function expectOrder(page: Page, ...names: string[]): Promise<void> {
    await expect(page.getByTestId('part').locator('span.font-semibold')).toHaveText(names);
}

test('the parts of a book are moved by buttons and by drag, replaced, and removed', async ({ page, folder, browser, shop }) => {
    const files = ['1 - dawn.wav', '2 - noon.wav', '10 - dusk.wav'].map((name) => join(folder, name));
    files.forEach((file, place) => writeFileSync(file, humming(4 + place)));
    const parts = page.getByTestId('part');
    await logInAsAdmin(page);
    await open(page, '/admin');
    await drop(page, files);
    const id = await watchTitle(page);
    await expectDone(page, 'probe');

    await test.step('they stand in the order of their numbers', () => expectOrder(page, '1 - dawn.wav', '2 - noon.wav', '10 - dusk.wav'));

    await test.step('a button moves one', async () => {
        await expectDone(page, 'done');
        await settled(page);
        await parts.nth(2).getByRole('button', { name: 'Move 10 - dusk.wav up' }).click();
        await expectOrder(page, '1 - dawn.wav', '10 - dusk.wav', '2 - noon.wav');
        await expect(parts.first().getByRole('button', { name: 'Move 1 - dawn.wav up' })).toBeDisabled();
    });

    await test.step('another is dragged', async () => {
        await parts.nth(2).dragTo(parts.nth(0));
        await expectOrder(page, '2 - noon.wav', '1 - dawn.wav', '10 - dusk.wav');
    });

    await test.step('the page has no barrier', () => inspect(page, 'the parts of a title'));

    await test.step('without JavaScript the buttons do the same', async () => {
        const plain = await browser.newContext({ javaScriptEnabled: false, storageState: await page.context().storageState() });
        const other = await plain.newPage();
        await other.goto(`${shop.address}/admin/titles/${id}`);
        await other.getByRole('button', { name: 'Move 2 - noon.wav down' }).click();
        await expectOrder(other, '1 - dawn.wav', '2 - noon.wav', '10 - dusk.wav');
        await plain.close();
        await open(page, `/admin/titles/${id}`);
        await expectOrder(page, '1 - dawn.wav', '2 - noon.wav', '10 - dusk.wav');
    });

    await test.step('a better recording takes the place of one', async () => {
        const better = join(folder, 'noon, better.wav');
        writeFileSync(better, humming(9));
        await parts.nth(1).getByTestId('replace-part').setInputFiles(better);
        await expectOrder(page, '1 - dawn.wav', 'noon, better.wav', '10 - dusk.wav');
        await expect(parts.nth(1)).toContainText('0:09');
    });

    await test.step('one is removed, and the last one stays', async () => {
        await expectDone(page, 'done');
        await open(page, `/admin/titles/${id}`);
        for (const name of ['1 - dawn.wav', '10 - dusk.wav']) {
            const row = parts.filter({ hasText: name });
            await row.locator('summary').click();
            await row.getByTestId('remove-part').click();
            await expect(row).toHaveCount(0);
        }
        await expectOrder(page, 'noon, better.wav');
        await expect(page.getByTestId('remove-part')).toHaveCount(0);
    });
});

test('a book whose files browsers do not play is heard from a copy, and downloaded as it came', async ({ page, folder }) => {
    // A WAV file in another dress: no browser plays what calls itself RF64.
    const sound = humming(6);
    sound.write('RF64', 0);
    const file = join(folder, 'odd.wav');
    writeFileSync(file, sound);
    await logInAsAdmin(page);
    await open(page, '/admin');
    await drop(page, [file]);
    const id = await watchTitle(page);
    await expectDone(page, 'done');
    await expect(async () => {
        await open(page, `/admin/titles/${id}`);
        await expect(page.getByTestId('copy')).toContainText('Players get a copy', { timeout: 1_000 });
    }).toPass({ timeout: 120_000 });

    await test.step('a browser goes anywhere in it', async () => {
        const heard = await page.evaluate(async (address) => {
            const audio = new Audio(address);
            audio.muted = true;
            await new Promise((ready, failed) => {
                audio.onloadedmetadata = ready;
                audio.onerror = () => failed(new Error(audio.error?.message));
            });
            audio.currentTime = 4.5;
            await new Promise((there) => {
                audio.onseeked = there;
            });
            return { lasts: audio.duration, at: audio.currentTime };
        }, `/listen/${id}/parts/0`);
        expect(heard.lasts).toBeCloseTo(6, 1);
        expect(heard.at).toBeCloseTo(4.5, 1);
    });

    await test.step('the original is as it came', async () => {
        const original = await page.request.get(`/download/${id}/parts/0`);
        expect((await original.body()).equals(sound)).toBe(true);
        const asked = await page.request.get(`/listen/${id}/parts/0?original`);
        expect((await asked.body()).equals(sound)).toBe(true);
    });
});
