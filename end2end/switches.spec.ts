import { inspect } from './support/barriers';
import { expect, open, refused, test } from './support/journey';
import { buy, logInAsAdmin, register } from './support/shopper';

const SLUG = 'the-year-of-the-owl';

test.describe.configure({ timeout: 240_000 });

test.use({ expected: { 'a share without a percentage': refused('422', '/api/admin/save-switch') } });

test('an admin switches reviews off, nobody is asked for one any more, and both stand in the audit trail', async ({
    page,
    browser,
    shop,
    overhear,
}) => {
    const elsewhere = await browser.newContext({ baseURL: shop.address });
    overhear(elsewhere);
    const buyer = await elsewhere.newPage();
    await register(buyer);
    await buy(buyer, SLUG);

    await test.step('a buyer is asked for a rating at first', async () => {
        await open(buyer, `/books/${SLUG}`);
        await expect(buyer.getByRole('group', { name: 'Story' })).toBeVisible();
    });

    await logInAsAdmin(page);
    await open(page, '/admin/settings');
    const form = page.locator('#switches form');
    await expect(page.getByTestId('switches')).toContainText('Reviews are taken: On for everybody');

    await test.step('a share without a percentage is refused, and what was chosen stays', async () => {
        await form.getByLabel('What').selectOption('reviews');
        await form.getByLabel('For whom').selectOption('share');
        await form.getByRole('button', { name: 'Switch' }).click();
        await expect(form.getByLabel('Percent')).toHaveAttribute('aria-invalid', 'true');
        await expect(form.getByLabel('For whom')).toHaveValue('share');
        await inspect(page, 'a switch that is refused');
    });

    await test.step('reviews are off from now on', async () => {
        await form.getByLabel('For whom').selectOption('off');
        await form.getByRole('button', { name: 'Switch' }).click();
        await expect(page.locator('#switches [role=status]')).toHaveText('Saved.');
        await expect(page.getByTestId('switches')).toContainText('Reviews are taken: Off');
        await open(buyer, `/books/${SLUG}`);
        await expect(buyer.getByRole('heading', { name: 'Reviews' })).toBeVisible();
        await expect(buyer.getByRole('group', { name: 'Story' })).toHaveCount(0);
    });

    await test.step('without JavaScript they are switched on again', async () => {
        const bare = await browser.newContext({
            baseURL: shop.address,
            javaScriptEnabled: false,
            storageState: await page.context().storageState(),
        });
        overhear(bare);
        const plain = await bare.newPage();
        await plain.goto('/admin/settings');
        await plain.locator('#switches form').getByLabel('What').selectOption('reviews');
        await plain.locator('#switches form').getByLabel('For whom').selectOption('on');
        await plain.locator('#switches form').getByRole('button', { name: 'Switch' }).click();
        await expect(plain.locator('#switches [role=status]')).toHaveText('Saved.');
        await expect(plain.getByTestId('switches')).toContainText('Reviews are taken: On for everybody');
        await open(buyer, `/books/${SLUG}`);
        await expect(buyer.getByRole('group', { name: 'Story' })).toBeVisible();
        await bare.close();
    });

    await test.step('the audit trail says both', async () => {
        await open(page, '/admin/audit');
        // The filter of the page offers it as well.
        const lines = page.getByText('Switched something on or off').and(page.locator(':not(option)'));
        await expect(lines).toHaveCount(2);
    });
});
