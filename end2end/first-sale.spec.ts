import { join } from 'node:path';
import { expect, open, refused, settled, test } from './support/journey';
import { ADMIN } from './support/server';
import { buy, register } from './support/shopper';
import { speak, story } from './support/sound';
import { drop, expectDone, watchTitle } from './support/uploading';

test.use({
    wishes: { worker: true, empty: true },
    expected: { 'a wrong code': refused('422', '/api/setup/first-admin') },
});
test.describe.configure({ timeout: 420_000 });

test('an empty database becomes a shop, and sells, without the command line', async ({ page, shop, folder, browser, overhear }) => {
    await test.step('the window of an empty shop is a page', async () => {
        await open(page, '/');
        await expect(page.getByText('The shelves are still empty')).toBeVisible();
    });

    await test.step('the first admin is made with the code in the log', async () => {
        const code = /with the code ([A-Z0-9-]+)/.exec(shop.log)?.[1] ?? '';
        await open(page, '/setup');
        await page.getByLabel('Code').fill('AAAA-BBBB-CCCC-DDDD');
        await page.getByLabel('Your name').fill('Ada');
        await page.getByLabel('Email address').fill(ADMIN.email);
        await page.locator('#password').fill(ADMIN.password);
        await page.getByRole('button', { name: 'Open the shop' }).click();
        await expect(page.locator('#code-error')).toContainText('This is not the code');
        await page.getByLabel('Code').fill(code);
        await page.locator('#password').fill(ADMIN.password);
        await page.getByRole('button', { name: 'Open the shop' }).click();
        await page.waitForURL((url) => url.pathname === '/admin');
        await settled(page);
        await open(page, '/setup');
        await expect(page.getByRole('heading', { name: 'This shop is open' })).toBeVisible();
    });

    await test.step('the list of categories is the shop’s own', async () => {
        await open(page, '/admin/categories');
        const rows = page.getByTestId('categories').getByRole('listitem');
        await expect(rows.first()).toContainText('Fiction');
        await page.getByLabel('Name', { exact: true }).fill('Sea stories');
        await page.getByRole('button', { name: 'Add', exact: true }).click();
        await expect(rows.last()).toContainText('Sea stories');
        await page.getByRole('button', { name: 'Move Sea stories up' }).click();
        await expect(rows.last()).not.toContainText('Sea stories');

        await page.getByRole('link', { name: 'Sea stories' }).click();
        await expect(page.getByRole('heading', { level: 1, name: 'Sea stories' })).toBeVisible();
        await page.getByLabel('Name', { exact: true }).fill('Ships and storms');
        await page.getByRole('button', { name: 'Save' }).click();
        await expect(page.getByRole('heading', { level: 1, name: 'Ships and storms' })).toBeVisible();
        await open(page, '/browse?category=sea-stories');
        await page.waitForURL((url) => url.searchParams.get('category') === 'ships-and-storms');

        await open(page, '/admin/categories');
        await page.getByRole('link', { name: 'Adventure' }).click();
        await expect(page.getByRole('heading', { level: 1, name: 'Adventure' })).toBeVisible();
        await page.getByLabel('Into', { exact: true }).selectOption('Ships and storms');
        await page.getByRole('button', { name: 'Merge' }).click();
        await page.waitForURL((url) => url.pathname === '/admin/categories');
        await expect(page.getByRole('link', { name: 'Adventure' })).toHaveCount(0);
        await page.getByRole('link', { name: 'Poetry and essays' }).click();
        await expect(page.getByRole('heading', { level: 1, name: 'Poetry and essays' })).toBeVisible();
        await page.getByRole('button', { name: 'Delete it' }).click();
        await page.waitForURL((url) => url.pathname === '/admin/categories');
        await expect(page.getByRole('link', { name: 'Poetry and essays' })).toHaveCount(0);
    });

    await test.step('the first book is uploaded and published', async () => {
        const file = join(folder, 'the-first-book.wav');
        speak(story(1), file);
        await open(page, '/admin');
        await drop(page, [file]);
        await watchTitle(page);
        await expectDone(page, 'upload', 'probe', 'prepare', 'transcribe', 'describe', 'done');
        await open(page, page.url());
        const edit = page.locator('#edit');
        await edit.locator('#title').fill('The First Book');
        await edit.locator('#authors').fill('Jon Quill');
        await edit.locator('#price').fill('3.50');
        await edit.locator('#description').fill('A keeper, a bell and a ship in the fog.');
        await edit.getByLabel('First category').selectOption('ships-and-storms');
        await page.getByTestId('save-title').click();
        await expect(page.getByTestId('save-status')).toHaveText('Saved.');
        await page.getByTestId('publish').click();
        await expect(page.getByTestId('title-status')).toContainText('Published');
    });

    await test.step('its author gets the right name', async () => {
        await open(page, '/admin/contributors?q=jon');
        await page.getByRole('link', { name: 'Jon Quill' }).click();
        await expect(page.getByRole('heading', { level: 1, name: 'Jon Quill' })).toBeVisible();
        await page.getByLabel('Name', { exact: true }).fill('John Quill');
        await page.getByLabel('Biography').fill('Writes by the sea.');
        await page.getByRole('button', { name: 'Save' }).click();
        await expect(page.getByRole('heading', { level: 1, name: 'John Quill' })).toBeVisible();
        await open(page, '/people/jon-quill');
        await page.waitForURL((url) => url.pathname === '/people/john-quill');
        await expect(page.getByText('Writes by the sea.')).toBeVisible();
    });

    await test.step('and somebody buys it', async () => {
        const context = await browser.newContext({ baseURL: shop.address });
        overhear(context);
        const shopper = await context.newPage();
        await register(shopper);
        await buy(shopper, 'the-first-book');
        await open(shopper, '/library');
        await expect(shopper.getByRole('link', { name: 'The First Book' }).first()).toBeVisible();
        await context.close();
    });
});
