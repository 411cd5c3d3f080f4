import { join } from 'node:path';
import { inspect } from './support/barriers';
import { expect, open, refused, settled, test } from './support/journey';
import { ADMIN } from './support/server';
import { logInAsAdmin } from './support/shopper';
import { speak, story } from './support/sound';
import { drop, expectDone, watchTitle } from './support/uploading';

test.use({
    wishes: { worker: true, empty: true },
    contextOptions: { reducedMotion: 'reduce' },
    expected: { 'what the shop refuses': refused('(409|422)', '/api/admin/(save-settings|number-series|merge-series)') },
});
test.describe.configure({ mode: 'serial', timeout: 420_000 });

test('an owner finds out what is left to do, and does it', async ({ page, shop, folder }) => {
    const todo = (item: string) => page.getByTestId(`opening-${item}`);

    await test.step('the first admin', async () => {
        const code = /with the code ([A-Z0-9-]+)/.exec(shop.log)?.[1] ?? '';
        await open(page, '/setup');
        await page.getByLabel('Code').fill(code);
        await page.getByLabel('Your name').fill('Ada');
        await page.getByLabel('Email address').fill(ADMIN.email);
        await page.locator('#password').fill(ADMIN.password);
        await page.getByLabel('Begin with a usual list of categories').uncheck();
        await page.getByRole('button', { name: 'Open the shop' }).click();
        await page.waitForURL((url) => url.pathname === '/admin');
        await settled(page);
        await expect(page.getByTestId('opening')).toContainText('0 of 6 done');
        await inspect(page, 'everything to do');
    });

    await test.step('the shop gets a name', async () => {
        await todo('named').getByRole('link', { name: 'Settings' }).click();
        await expect(page.getByRole('heading', { level: 1, name: 'Settings' })).toBeVisible();
        await page.getByLabel('Name of the shop').fill('<b>');
        await page.getByRole('button', { name: 'Save', exact: true }).click();
        await expect(page.locator('#name-error')).toContainText('Give the shop a name');
        await page.getByLabel('Name of the shop').fill('The Reading Room');
        await page.getByLabel('Currency').selectOption('EUR');
        await page.getByLabel('Country').selectOption('TH');
        await page.getByLabel('Contact address').fill('desk@shop.example');
        await page.getByRole('button', { name: 'Save', exact: true }).click();
        await expect(page.getByText('Saved.')).toBeVisible();
        await expect(page.locator('header').getByRole('link', { name: 'The Reading Room' })).toBeVisible();
        await expect(page.locator('footer')).toContainText('desk@shop.example');
        await expect(page).toHaveTitle('Settings · The Reading Room');
        await open(page, '/admin/settings');
        await expect(page.getByLabel('Country')).toHaveValue('TH');
        await inspect(page, 'settings');
    });

    await test.step('mails are tried', async () => {
        const panel = page.getByTestId('mail-trial');
        await panel.getByRole('button', { name: 'Send a mail to me' }).click();
        await expect(panel).toContainText('It lies in the folder', { timeout: 30_000 });
        await expect(panel).toContainText(shop.data);
        await open(page, '/admin/mail');
        await expect(page.getByText(`to ${ADMIN.email}`)).toHaveCount(1);
        await expect(page.getByRole('link', { name: 'Mails from your shop arrive' })).toBeVisible();
    });

    await test.step('models are tried', async () => {
        await open(page, '/admin/settings');
        const panel = page.getByTestId('models-trial');
        await panel.getByRole('button', { name: 'Try the models' }).click();
        await expect(panel).toContainText('demo-asr.bin was loaded in', { timeout: 120_000 });
        await expect(panel).toContainText('demo-writer.gguf was loaded in');
        await expect(panel).toContainText('lectern models pull base.en');
        await inspect(page, 'settings, all tried');
    });

    await test.step('categories', async () => {
        await open(page, '/admin');
        await expect(page.getByTestId('opening')).toContainText('3 of 6 done');
        await expect(todo('mail')).toContainText('Done');
        await todo('categories').getByRole('link', { name: 'Categories' }).click();
        await page.getByRole('button', { name: 'Begin with the usual ones' }).click();
        await expect(page.getByTestId('categories').getByRole('listitem').first()).toContainText('Fiction');
    });

    await test.step('the first book is uploaded, priced in the shop’s currency and published', async () => {
        const file = join(folder, 'the-first-book.wav');
        speak(story(1), file);
        await open(page, '/admin');
        await expect(page.getByTestId('opening')).toContainText('4 of 6 done');
        await expect(todo('upload').getByRole('link', { name: 'Upload' })).toHaveAttribute('href', '#upload');
        await drop(page, [file]);
        await watchTitle(page);
        await expectDone(page, 'upload', 'probe', 'prepare', 'transcribe', 'describe', 'done');
        await open(page, page.url());
        const edit = page.locator('#edit');
        await expect(edit).toContainText('in EUR');
        await edit.locator('#title').fill('The First Book');
        await edit.locator('#authors').fill('Jon Quill');
        await edit.locator('#price').fill('3.50');
        await edit.locator('#description').fill('A keeper, a bell and a ship in the fog.');
        await edit.locator('#series').fill('The Lamp');
        await edit.locator('#series_position').fill('1');
        await edit.getByLabel('First category').selectOption('fiction');
        await page.getByTestId('save-title').click();
        await expect(page.getByTestId('save-status')).toHaveText('Saved.');

        await open(page, '/admin/settings');
        await page.getByLabel('Currency').selectOption('USD');
        await page.getByRole('button', { name: 'Save', exact: true }).click();
        await expect(page.locator('#currency-error')).toContainText('Titles with a price in another currency: 1');

        await open(page, '/admin/titles');
        await page.locator('main').getByRole('link', { name: 'The First Book' }).click();
        await page.getByTestId('publish').click();
        await expect(page.getByTestId('title-status')).toContainText('Published');
        await open(page, '/admin');
        await expect(page.getByTestId('opening')).toHaveCount(0);
    });
});

test('series are renamed, put in order and merged', async ({ page }) => {
    await logInAsAdmin(page);
    const series = async (title: string, name: string, number: string) => {
        await open(page, '/admin/titles#new');
        await page.locator('#title').fill(title);
        await page.getByTestId('create-title').click();
        await page.waitForURL((url) => /^\/admin\/titles\/[0-9a-f-]{36}$/.test(url.pathname));
        await settled(page);
        await page.locator('#edit #series').fill(name);
        await page.locator('#edit #series_position').fill(number);
        await page.getByTestId('save-title').click();
        await expect(page.getByTestId('save-status')).toHaveText('Saved.');
    };
    await series('The Second Book', 'The Lamp', '4');
    await series('The Third Book', 'The Lamp', '4');
    await series('A Stray Book', 'Lamp', '9');

    await test.step('it is found, and its numbers are told', async () => {
        await open(page, '/admin/series?q=the');
        await page.locator('main').getByRole('link', { name: 'The Lamp' }).click();
        await expect(page.getByRole('heading', { level: 1, name: 'The Lamp' })).toBeVisible();
        await expect(page.getByTestId('oddities')).toContainText('Numbers that nothing has: 2, 3.');
        await expect(page.getByTestId('oddities')).toContainText('Numbers that stand twice: 4.');
        await inspect(page, 'a series');
    });

    const order = page.getByTestId('order').getByRole('listitem');
    await test.step('all numbers are set in one form', async () => {
        await page.getByLabel('Number of The Third Book').fill('first');
        await page.getByRole('button', { name: 'Save the numbers' }).click();
        await expect(page.getByText('Write the place in the series as a number')).toBeVisible();
        await page.getByLabel('Number of The First Book').fill('3');
        await page.getByLabel('Number of The Second Book').fill('2');
        await page.getByLabel('Number of The Third Book').fill('1');
        await page.getByRole('button', { name: 'Save the numbers' }).click();
        await expect(order.first()).toContainText('The Third Book');
        await expect(page.getByTestId('oddities')).toHaveCount(0);
        await page.getByRole('button', { name: 'Move The First Book up' }).click();
        await expect(order.last()).toContainText('The Second Book');
    });

    await test.step('it is renamed, and its old address leads on', async () => {
        await page.getByLabel('Name', { exact: true }).fill('The Lantern');
        await page.getByLabel('Description').fill('Three nights by the sea.');
        await page.getByRole('button', { name: 'Save', exact: true }).click();
        await expect(page.getByRole('heading', { level: 1, name: 'The Lantern' })).toBeVisible();
        await open(page, '/series/the-lamp');
        await page.waitForURL((url) => url.pathname === '/series/the-lantern');
        await expect(page.getByText('Three nights by the sea.')).toBeVisible();
    });

    await test.step('another one is the same', async () => {
        await open(page, '/admin/series');
        await page.locator('main').getByRole('link', { name: 'Lamp', exact: true }).click();
        await expect(page.getByRole('heading', { level: 1, name: 'Lamp', exact: true })).toBeVisible();
        await page.getByLabel('Name of the other series').fill('Nothing');
        await page.getByRole('button', { name: 'Merge' }).click();
        await expect(page.locator('#into-error')).toContainText('No series in the shop is called that');
        await page.getByLabel('Name of the other series').fill('the lantern');
        await page.getByRole('button', { name: 'Merge' }).click();
        await expect(page.getByRole('heading', { level: 1, name: 'The Lantern' })).toBeVisible();
        await expect(order).toHaveCount(4);
        await expect(page.getByTestId('oddities')).toContainText('Numbers that nothing has: 4, 5, 6, 7, 8.');
        await open(page, '/series/lamp');
        await page.waitForURL((url) => url.pathname === '/series/the-lantern');
    });
});

test.describe('without JavaScript', () => {
    test.use({ javaScriptEnabled: false });

    test('settings are saved, mails tried and series put in order', async ({ page }) => {
        await page.goto('/login?next=/admin/settings');
        await page.getByLabel('Email address').fill(ADMIN.email);
        await page.locator('#password').fill(ADMIN.password);
        await page.locator('main').getByRole('button', { name: 'Log in' }).click();
        await page.waitForURL((url) => url.pathname === '/admin/settings');
        await page.getByLabel('Name of the shop').fill('The Quiet Room');
        await page.getByRole('button', { name: 'Save', exact: true }).click();
        await expect(page.getByText('Saved.')).toBeVisible();
        await expect(page).toHaveTitle('Settings · The Quiet Room');

        const panel = page.getByTestId('mail-trial');
        await panel.getByRole('button', { name: 'Send a mail to me' }).click();
        await expect(async () => {
            await page.goto('/admin/settings');
            await expect(panel).toContainText('It lies in the folder', { timeout: 1_000 });
        }).toPass({ timeout: 30_000 });

        await page.goto('/admin/series');
        await page.locator('main').getByRole('link', { name: 'The Lantern' }).click();
        const order = page.getByTestId('order').getByRole('listitem');
        await page.getByRole('button', { name: 'Move The Second Book up' }).click();
        await expect(order.nth(1)).toContainText('The Second Book');
        await page.getByLabel('Number of The Second Book').fill('20');
        await page.getByRole('button', { name: 'Save the numbers' }).click();
        await expect(order.last()).toContainText('The Second Book');
    });
});
