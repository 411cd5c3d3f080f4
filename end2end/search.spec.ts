import { inspect } from './support/barriers';
import { expect, open, settled, test } from './support/journey';

test.use({ contextOptions: { reducedMotion: 'reduce' } });
test.describe.configure({ timeout: 180_000 });

test('somebody who mistypes finds the title, and may insist on what they typed', async ({ page }) => {
    const titles = page.locator('main article h3');
    await open(page, '/browse?q=north+rokc');
    await expect(titles.first()).toHaveText('The Bell at North Rock');
    const correction = page.getByTestId('correction');
    await expect(correction).toContainText('Showing results for north Rock');
    await inspect(page, 'search corrected');

    await correction.getByRole('link', { name: 'north rokc' }).click();
    await expect(page).toHaveURL(/[?&]exact=1/);
    await expect(page.getByText('Nothing found for “north rokc”')).toBeVisible();
    await expect(correction).toContainText('Did you mean north Rock?');
    await expect(page.getByRole('heading', { name: 'New in the shop' })).toBeVisible();
    await expect(page.locator('main').getByRole('link', { name: 'Show all titles' })).toBeVisible();
    await settled(page);
    await inspect(page, 'search for exactly that');

    await correction.getByRole('link', { name: 'north Rock' }).click();
    await expect(titles.first()).toHaveText('The Bell at North Rock');
    await expect(page).not.toHaveURL(/exact/);
});

test('suggestions open with the keyboard while somebody types', async ({ page }) => {
    await open(page, '/');
    const field = page.getByRole('combobox', { name: 'Search for a title, author or narrator' });
    const list = page.getByRole('listbox', { name: 'Suggestions' });
    const options = list.getByRole('option');
    await expect(field).toHaveAttribute('aria-expanded', 'false');

    await test.step('the list shows people and titles', async () => {
        await field.pressSequentially('fenw', { delay: 30 });
        await expect(list).toBeVisible();
        await expect(field).toHaveAttribute('aria-expanded', 'true');
        await expect(options.filter({ hasText: 'Author' })).toContainText('Nora Fenwick');
        await inspect(page, 'suggestions');
    });

    await test.step('Escape closes it, and an arrow opens it again', async () => {
        await field.press('Escape');
        await expect(list).toBeHidden();
        await expect(field).toHaveValue('fenw');
        await field.press('ArrowDown');
        await expect(list).toBeVisible();
    });

    await test.step('the arrows go round', async () => {
        await field.press('ArrowDown');
        await expect(options.first()).toHaveAttribute('aria-selected', 'true');
        const first = await options.first().getAttribute('id');
        await expect(field).toHaveAttribute('aria-activedescendant', first ?? '');
        await field.press('ArrowUp');
        await expect(options.last()).toHaveAttribute('aria-selected', 'true');
        await field.press('ArrowDown');
        await expect(options.first()).toHaveAttribute('aria-selected', 'true');
    });

    await test.step('Enter opens what is marked', async () => {
        await field.fill('nora fenwick');
        await expect(options.filter({ hasText: 'Author' })).toContainText('Nora Fenwick');
        await field.press('ArrowUp');
        for (let step = 0; step < 12; step += 1) {
            if ((await options.filter({ hasText: 'Author' }).getAttribute('aria-selected')) === 'true') break;
            await field.press('ArrowUp');
        }
        await field.press('Enter');
        await expect(page.getByRole('heading', { level: 1, name: 'Nora Fenwick' })).toBeVisible();
    });

    await test.step('a click opens one too, and Enter without a mark searches', async () => {
        await open(page, '/');
        await field.fill('last spoon');
        await options.filter({ hasText: 'The Last Spoon' }).first().click();
        await expect(page.getByRole('heading', { level: 1, name: 'The Last Spoon' })).toBeVisible();
        await field.fill('bell');
        await expect(list).toBeVisible();
        await field.press('Enter');
        await expect(page).toHaveURL(/\/browse\?.*q=bell/);
    });
});

test('a list is narrowed, and each filter taken off again', async ({ page }) => {
    const titles = page.locator('main article h3');
    const on = page.getByTestId('filters-on');
    await open(page, '/browse');
    await page.getByTestId('filters').locator('summary').click();
    await page.getByLabel('Author', { exact: true }).fill('Nora Fenwick');
    await page.getByLabel('Length').selectOption('Under 1 hour');
    await page.getByLabel('On sale').check();
    await inspect(page, 'filters');
    await page.getByRole('button', { name: 'Apply filters' }).click();
    await expect(titles).toHaveText(['The Captain Without a Map']);
    await expect(page.getByTestId('filters').locator('summary')).toHaveText('Filters (3 on)');
    await expect(on.getByRole('listitem')).toHaveCount(4);
    await settled(page);
    await inspect(page, 'filters on');

    const address = page.url();
    await page.reload();
    await expect(titles).toHaveText(['The Captain Without a Map']);
    expect(page.url()).toBe(address);
    await settled(page);

    await on.getByRole('link', { name: 'Remove On sale' }).click();
    await expect(titles).toHaveCount(3);
    await on.getByRole('link', { name: 'Clear all' }).click();
    await expect(on).toHaveCount(0);
    await expect(page).toHaveURL(/\/browse$/);

    await open(page, '/browse?length=over-20');
    await expect(page.getByText('No title fits all of the filters')).toBeVisible();
    await page.getByRole('link', { name: 'Search without filters' }).click();
    await expect(titles.first()).toBeVisible();
});

test('an address whose letters are taken apart leads to the one that is kept', async ({ page }) => {
    const answer = await page.request.get('/people/%E3%81%8B%E3%82%99', { maxRedirects: 0 });
    expect(answer.status()).toBe(308);
    expect(answer.headers().location).toBe('/people/%E3%81%8C');
});

test.describe('without JavaScript', () => {
    test.use({ javaScriptEnabled: false });

    test('filters, suggestions of people, and corrections are plain forms and links', async ({ page }) => {
        const titles = page.locator('main article h3');
        await page.goto('/');
        await page.getByLabel('Search for a title, author or narrator').fill('fenwikc');
        await page.locator('header').getByRole('button', { name: 'Search' }).click();
        await expect(page.getByTestId('correction')).toContainText('Showing results for Fenwick');
        await expect(titles).toHaveCount(3);

        await page.goto('/browse?q=fenwick');
        await page.getByTestId('named').getByRole('link', { name: 'Nora Fenwick' }).click();
        await expect(page.getByRole('heading', { level: 1, name: 'Nora Fenwick' })).toBeVisible();

        await page.goto('/browse');
        await page.getByTestId('filters').locator('summary').click();
        await page.getByLabel('Narrator', { exact: true }).fill('Jonas Hale');
        await page.getByLabel('Price up to').fill('13');
        await page.getByRole('button', { name: 'Apply filters' }).click();
        await expect(page).toHaveURL(/narrator=Jonas/);
        await expect(page.getByTestId('filters-on').getByRole('link', { name: 'Remove Narrator: Jonas Hale' })).toBeVisible();
        await expect(titles.first()).toBeVisible();
        await page.getByTestId('filters-on').getByRole('link', { name: 'Clear all' }).click();
        await expect(page).toHaveURL(/\/browse$/);
    });
});
