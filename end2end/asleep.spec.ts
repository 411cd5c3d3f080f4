import type { Page } from '@playwright/test';
import { expect, refused, settled, test } from './support/journey';

/** Collects what WebAssembly and its script a page asks for. */
function alive(page: Page): string[] {
    const asked: string[] = [];
    page.on('request', (request) => {
        const { pathname } = new URL(request.url());
        if (/^\/pkg\/.*\.(js|wasm)$/.test(pathname)) asked.push(pathname);
    });
    return asked;
}

test('a visitor looks around and fills a cart, and no WebAssembly is fetched', async ({ page }) => {
    const asked = alive(page);
    const main = page.locator('main');

    await test.step('a menu closes at Escape, and at a click elsewhere', async () => {
        await page.goto('/');
        const menu = page.locator('header details:visible');
        await menu.locator('summary').click();
        await expect(menu).toHaveAttribute('open', '');
        await page.keyboard.press('Escape');
        await expect(menu).not.toHaveAttribute('open', '');
        await expect(menu.locator('summary')).toBeFocused();
        await menu.locator('summary').click();
        await expect(menu).toHaveAttribute('open', '');
        await main.getByRole('heading', { level: 1 }).click();
        await expect(menu).not.toHaveAttribute('open', '');
    });

    await test.step('the search of the header leads to what was looked for', async () => {
        await page.getByLabel('Search for a title, author or narrator').fill('north rock');
        await page.keyboard.press('Enter');
        await expect(page).toHaveURL(/\/browse\?q=north/);
        await main.getByRole('link', { name: 'The Bell at North Rock' }).first().click();
        await expect(page.getByRole('heading', { level: 1, name: 'The Bell at North Rock' })).toBeVisible();
    });

    await test.step('a title goes into the cart and out of it', async () => {
        await page.getByRole('button', { name: 'Add to cart' }).click();
        await expect(page).toHaveURL(/\/cart$/);
        await expect(page.getByText('1 title', { exact: true })).toBeVisible();
        await page.goBack();
        await expect(page.getByRole('link', { name: 'In your cart' }), 'coming back, one sees how it is now').toBeVisible();
        await page.goForward();
        await page.getByRole('button', { name: 'Remove The Bell at North Rock' }).click();
        await expect(page.getByText('1 title', { exact: true })).toHaveCount(0);
    });

    await test.step('back leads back', async () => {
        await page.goto('/browse');
        await main.locator('article h3 a').first().click();
        await expect(page).toHaveURL(/\/books\//);
        await page.goBack();
        await expect(page.getByRole('heading', { level: 1, name: 'Browse' })).toBeVisible();
    });
    expect(asked).toEqual([]);
});

test('the search of the header suggests while the page sleeps', async ({ page }) => {
    const asked = alive(page);
    await page.goto('/');
    const field = page.getByLabel('Search for a title, author or narrator');
    await field.pressSequentially('fenw', { delay: 30 });
    await expect(page.locator('datalist option[value="Nora Fenwick"]')).toHaveAttribute('label', 'Author');
    // What a browser does when one of its list is chosen.
    await field.evaluate((field: HTMLInputElement) => {
        field.value = 'Nora Fenwick';
        field.dispatchEvent(new InputEvent('input', { bubbles: true, inputType: 'insertReplacementText' }));
    });
    await expect(page.getByRole('heading', { level: 1, name: 'Nora Fenwick' })).toBeVisible();
    expect(asked).toEqual([]);
});

test('a page that wakes has one list of suggestions, its own', async ({ page }) => {
    await page.goto('/');
    const field = page.getByLabel('Search for a title, author or narrator');
    await field.pressSequentially('fenw', { delay: 30 });
    await expect(page.locator('datalist option')).not.toHaveCount(0);
    await settled(page);
    await expect(page.locator('datalist')).toHaveCount(0);
    await expect(field).not.toHaveAttribute('list');
    await expect(field).toHaveValue('fenw');
    await expect(page.getByRole('listbox', { name: 'Suggestions' }).getByRole('option').first()).toBeVisible();
});

test('a button that is pressed wakes its page, and does what it says', async ({ page }) => {
    const asked = alive(page);
    await page.goto('/login');
    const password = page.locator('#password');
    await expect(password).toHaveAttribute('type', 'password');
    expect(asked).toEqual([]);
    await page.getByRole('button', { name: 'Show password' }).click();
    await expect(password).toHaveAttribute('type', 'text');
    await settled(page);
    expect(asked).not.toEqual([]);
});

test('a page wakes where a form would lose what is typed', async ({ page }) => {
    await page.goto('/register');
    await page.getByLabel('Name', { exact: true }).fill('Ada');
    await page.locator('html:not([data-waits])').waitFor({ state: 'attached' });
    await expect(page.getByLabel('Name', { exact: true })).toHaveValue('Ada');
});

test.describe('when another release has come meanwhile', () => {
    test.use({ expected: { 'the files of the last one are gone': refused('404', '/pkg/lectern\\.[^)]*') } });

    test('a page that is used is fetched anew', async ({ page }) => {
        await page.goto('/login');
        let gone = true;
        await page.route('**/pkg/lectern*', async (route) => {
            if (gone && !route.request().url().endsWith('.css')) await route.fulfill({ status: 404 });
            else await route.continue();
        });
        const again = page.waitForEvent('load');
        await page.getByRole('button', { name: 'Show password' }).click();
        await again;
        gone = false;
        await page.getByRole('button', { name: 'Show password' }).click();
        await expect(page.locator('#password')).toHaveAttribute('type', 'text');
    });
});
