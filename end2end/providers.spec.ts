import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { inspect } from './support/barriers';
import { expect, open, refused, test } from './support/journey';
import { logInAsAdmin } from './support/shopper';
import { speak } from './support/sound';
import { drop, expectDone, watchTitle } from './support/uploading';

const SAID = 'The captain of the ship saw a lighthouse in the fog.';
const KEY = 'sk-a-key-that-nobody-sees';

test.use({
    wishes: {
        worker: true,
        // Machines of the test stand on this machine; nobody is where models would come from.
        settings: { LECTERN_PROVIDERS__PRIVATE: 'true', LECTERN_MODELS__HUB: 'http://127.0.0.1:9' },
    },
    expected: { 'an address that is typed wrong': refused('422', '/api/admin/add-provider') },
});
test.describe.configure({ timeout: 300_000 });

/** A machine that hears: it is away first, and hears well from a moment on. */
async function cloud(): Promise<{ address: string; mend: () => void; close: () => void }> {
    let away = true;
    const words = SAID.replace('.', '')
        .split(' ')
        .map((word, place) => ({ word, start: place * 0.2, end: place * 0.2 + 0.15 }));
    const segment = { start: 0, end: 2.2, text: SAID, avg_logprob: -0.1, no_speech_prob: 0.01, compression_ratio: 1 };
    const server = createServer((request, response) => {
        request.resume();
        request.on('end', () => {
            if (away) response.statusCode = 500;
            response.end(JSON.stringify(away ? {} : { language: 'english', text: SAID, words, segments: [segment] }));
        });
    });
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
    const { port } = server.address() as AddressInfo;
    return { address: `http://127.0.0.1:${port}/v1`, mend: () => (away = false), close: () => server.close() };
}

test('a machine elsewhere hears where an admin says so, and the page of the title says who did', async ({
    page,
    browser,
    shop,
    overhear,
    folder,
}) => {
    const machine = await cloud();
    const file = join(folder, 'the light.wav');
    speak(SAID, file);
    await logInAsAdmin(page);
    await open(page, '/admin/models');
    const hears = page.getByTestId('who-hears').getByTestId('provider');

    await test.step('it is added, and off', async () => {
        await page.locator('#name').fill('Cloud');
        await page.locator('#address').fill('ftp://api.example/v1');
        await page.locator('#model').fill('whisper-1');
        await page.locator('#key').fill(KEY);
        await page.locator('#price_in').fill('0.006');
        await page.getByRole('button', { name: 'Add it, switched off' }).click();
        await expect(page.locator('#address-error')).toContainText('https');
        await inspect(page, 'an address that is refused');
        await page.locator('#address').fill(machine.address);
        await page.getByRole('button', { name: 'Add it, switched off' }).click();
        await expect(hears).toHaveCount(2);
        await expect(hears.nth(1)).toHaveAttribute('data-on', 'false');
        expect(await page.content()).not.toContain(KEY);
        await open(page, '/privacy');
        await expect(page.locator('main')).not.toContainText('given to');
    });

    await test.step('it is asked first, and the privacy page names no machine of one’s own network', async () => {
        await open(page, '/admin/models');
        await page.getByRole('button', { name: 'Switch on Cloud' }).click();
        await expect(hears.nth(1)).toHaveAttribute('data-on', 'true');
        await page.getByRole('button', { name: 'Move Cloud up' }).click();
        await expect(hears.first()).toContainText('Cloud');
        await inspect(page, 'who hears and writes');
        await open(page, '/privacy');
        await expect(page.locator('main')).not.toContainText('given to');
    });

    await test.step('while it is away the engine hears, and the page says why', async () => {
        await open(page, '/admin');
        await drop(page, [file]);
        await watchTitle(page);
        await expectDone(page, 'transcribe', 'describe', 'done');
        await expect(page.getByTestId('step-transcribe')).toContainText('whisper');
        await expect(page.getByTestId('stood-in-transcribe')).toContainText('Passed over: Cloud. It answered 500');
        await inspect(page, 'a title whose machine was away');
    });

    await test.step('once it is well it hears', async () => {
        machine.mend();
        await page.getByTestId('redo-menu-transcribe').click();
        await page.getByTestId('redo-transcribe').click();
        await expect(page.getByTestId('step-transcribe')).toContainText('Cloud, whisper-1', { timeout: 120_000 });
        await expect(page.getByTestId('stood-in-transcribe')).toHaveCount(0);
    });

    await test.step('without JavaScript it is switched off', async () => {
        const bare = await browser.newContext({
            baseURL: shop.address,
            javaScriptEnabled: false,
            storageState: await page.context().storageState(),
        });
        overhear(bare);
        const plain = await bare.newPage();
        await plain.goto('/admin/models');
        await plain.getByRole('button', { name: 'Switch off Cloud' }).click();
        await expect(plain.getByTestId('who-hears').getByTestId('provider').first()).toHaveAttribute('data-on', 'false');
        await bare.close();
    });

    await test.step('it is changed and removed on its own page', async () => {
        await open(page, '/admin/models');
        await page.getByRole('link', { name: 'Cloud' }).click();
        await expect(page.locator('#key')).toHaveValue('');
        await page.locator('#budget').fill('20');
        await page.getByRole('button', { name: 'Save' }).click();
        await expect(page.locator('main')).toContainText('of 20 USD');
        await inspect(page, 'a machine elsewhere');
        await page.getByRole('button', { name: 'Remove it, with its key' }).click();
        await expect(page).toHaveURL(/\/admin\/models$/);
        await expect(hears).toHaveCount(1);
    });
    machine.close();
});

test('a model is fetched from the page, which says why it does not come', async ({ page }) => {
    await logInAsAdmin(page);
    await expect(async () => {
        await open(page, '/admin/models');
        await expect(page.getByTestId('model').first()).toBeVisible({ timeout: 1_000 });
    }, 'the worker says which models it knows').toPass({ timeout: 30_000 });
    const model = page.locator('[data-testid=model][data-name="base.en"]');
    await model.getByRole('button', { name: 'Fetch it to every worker' }).click();
    await expect(model.getByTestId('fetching')).toContainText('could not be reached', { timeout: 60_000 });
    await inspect(page, 'a model that does not come');
    await model.getByRole('button', { name: 'Stop fetching it' }).click();
    await expect(model.getByRole('button', { name: 'Fetch it to every worker' })).toBeVisible({ timeout: 60_000 });
});
