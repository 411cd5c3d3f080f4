import { expect, open, refused, settled, test } from './support/journey';
import { ACCEPTED, agree, choose, register } from './support/shopper';

test.use({ expected: { 'what is not what the page showed is not sold': refused('409', '/api/orders/checkout') } });

test('going back from a book finds the search as it was', async ({ page }) => {
    const titles = page.locator('main article h3');
    const field = page.getByLabel('Search', { exact: true });
    await open(page, '/browse');
    await field.fill('fenwick');
    await expect(page).toHaveURL(/[?&]q=fenwick/);
    await page.getByLabel('Order').selectOption('title');
    await expect(page).toHaveURL(/[?&]sort=title/);
    await expect(page.getByRole('status').filter({ hasText: '3 titles' })).toBeVisible();
    // The list is there before the order is: what counts is the list in its order.
    await expect
        .poll(async () => {
            const names = await titles.allTextContents();
            return names.length === 3 && names.join() === names.toSorted().join();
        })
        .toBe(true);
    await settled(page);
    const [found, address] = [await titles.allTextContents(), page.url()];
    expect(found).toHaveLength(3);

    for (const place of [1, 2]) {
        await titles.nth(place).getByRole('link').click();
        await expect(page.getByRole('heading', { level: 1, name: found[place] })).toBeVisible();
        await page.goBack();
        await expect(page).toHaveURL(address);
        await expect(titles).toHaveText(found);
        await expect(field).toHaveValue('fenwick');
        await expect(page.getByLabel('Order')).toHaveValue('title');
    }
    await page.goForward();
    await expect(page.getByRole('heading', { level: 1, name: found[2] })).toBeVisible();
});

test('a cart that was changed in another tab is shown as it is before it is paid for', async ({ page, context }) => {
    await register(page);
    await choose(page, 'the-last-spoon');
    await open(page, '/checkout');
    const lines = page.getByRole('region', { name: 'Your order' }).getByRole('listitem');
    await expect(lines).toHaveCount(1);

    const other = await context.newPage();
    await choose(other, 'bread-before-the-sun');

    await test.step('what the page does not show is not paid for', async () => {
        await page.getByLabel('Card number').fill(ACCEPTED);
        await agree(page);
        await page.getByRole('button', { name: /^Pay / }).click();
        await expect(page.getByRole('alert').filter({ hasText: 'Nothing was charged' })).toBeVisible();
        await expect(lines).toHaveCount(2);
        await open(other, '/orders');
        await expect(other.getByText('Complete')).toHaveCount(0);
    });

    await test.step('what it shows now is', async () => {
        await settled(page);
        await page.getByLabel('Card number').fill(ACCEPTED);
        await agree(page);
        await page.getByRole('button', { name: /^Pay / }).click();
        await expect(page.getByRole('heading', { name: 'Thank you' })).toBeVisible();
        await expect(page.locator('main').getByRole('listitem')).toHaveCount(2);
        await open(other, '/cart');
        await expect(other.getByText('Your cart is empty')).toBeVisible();
        await open(other, '/library');
        await expect(other.getByTestId('library-item')).toHaveCount(2);
    });
});
