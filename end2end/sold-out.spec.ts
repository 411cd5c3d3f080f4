import { inspect } from './support/barriers';
import { expect, open, refused, settled, test } from './support/journey';
import { ACCEPTED, agree, buy, choose, logInAsAdmin, register } from './support/shopper';

const TITLE = 'the-last-spoon';
const NAME = 'The Last Spoon';

test.use({
    // Nobody else finds a title sold out that they wanted to buy.
    wishes: { settings: { LECTERN_NAME: 'Counted' } },
    contextOptions: { reducedMotion: 'reduce' },
    expected: {
        'a number of licences that is none': refused('422', '/api/admin/save-title'),
        'the last licence is gone': refused('409', '/api/orders/checkout'),
    },
});

// Pages are looked at four times each.
test.describe.configure({ timeout: 240_000 });

test('the last licence is sold once, and can be sold again when it was paid back', async ({
    page,
    browser,
    shop,
    overhear,
}) => {
    await test.step('an admin says how many may be sold', async () => {
        await logInAsAdmin(page);
        await open(page, `/admin/titles?q=${encodeURIComponent(NAME)}`);
        await page.getByRole('link', { name: NAME, exact: true }).click();
        await settled(page);
        const licences = page.locator('#edit #licences');
        await licences.fill('many');
        await page.getByTestId('save-title').click();
        await expect(page.getByText('Write how many licences may be sold')).toBeVisible();
        await licences.fill('1');
        await page.getByTestId('save-title').click();
        await expect(page.getByTestId('save-status')).toHaveText('Saved.');
    });

    const people = await Promise.all(
        ['first', 'second'].map(async () => {
            const context = await browser.newContext({ baseURL: shop.address });
            overhear(context);
            return context.newPage();
        }),
    );
    const [first, second] = people as [typeof page, typeof page];
    await register(first);
    await register(second);

    await test.step('both see that one is left, and take it to the checkout', async () => {
        await open(first, `/books/${TITLE}`);
        await expect(first.getByTestId('licences-left')).toHaveText('1 left');
        await choose(second, TITLE);
        await open(second, '/checkout');
        await second.getByLabel('Card number').fill(ACCEPTED);
        await agree(second);
    });

    await test.step('one of them gets it; the other is told, and nothing is charged', async () => {
        await buy(first, TITLE);
        await second.getByRole('button', { name: /^Pay / }).click();
        await expect(second.getByText(/sold out/).first()).toBeVisible();
        await open(second, `/books/${TITLE}`);
        await expect(second.getByText('Sold out', { exact: true }).first()).toBeVisible();
        await expect(second.getByRole('button', { name: 'Add to cart' })).toHaveCount(0);
        await inspect(second, 'sold out');
        await open(second, '/orders');
        await expect(second.getByText('Complete')).toHaveCount(0);
    });

    await test.step('it is for sale again once it was paid back', async () => {
        await open(first, '/orders');
        await first.locator('main li a').first().click();
        await first.waitForURL('**/orders/*');
        const number = new URL(first.url()).pathname.split('/').pop() ?? '';
        await open(page, `/admin/orders/${number}`);
        await page.getByRole('checkbox', { name: new RegExp(NAME) }).check();
        await page.getByLabel('Reason').fill('They changed their mind.');
        await page.getByTestId('refund').click();
        await expect(async () => {
            await open(second, `/books/${TITLE}`);
            await expect(second.getByTestId('licences-left')).toHaveText('1 left', { timeout: 1_000 });
        }, 'the job has asked the bank').toPass({ timeout: 30_000 });
    });
    await Promise.all(people.map((each) => each.context().close()));
});
