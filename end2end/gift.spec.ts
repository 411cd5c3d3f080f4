import { inspect } from './support/barriers';
import { expect, open, refused, settled, test } from './support/journey';
import { ACCEPTED, DECLINED, agree, fillRegistration, logInAsAdmin, register, somebody } from './support/shopper';

const TITLE = 'the-dragon-who-kept-a-library';
const NAME = 'The Dragon Who Kept a Library';

test.use({
    contextOptions: { reducedMotion: 'reduce' },
    expected: {
        'a card that is declined': refused('422', '/api/gifts/buy'),
        'a gift that somebody else has accepted': refused('409', '/api/gifts/(look|accept)'),
        'a code that is none': refused('409', '/(gift/.*|api/gifts/(look.*|open))'),
    },
});

// The pages of gifts are looked at four times each.
test.describe.configure({ timeout: 360_000 });

test('a title is given, its mail goes, and who opens it has the title', async ({ page, browser, shop, overhear }) => {
    const friend = somebody();
    await register(page);

    await test.step('the buyer says whom it is for; a declined card keeps what was typed', async () => {
        await open(page, `/books/${TITLE}`);
        await page.getByRole('link', { name: 'Give as a gift' }).click();
        await expect(page.getByRole('heading', { level: 1, name: 'Give as a gift' })).toBeVisible();
        await settled(page);
        await inspect(page, 'giving');
        await page.getByLabel('Their email address').fill(friend.email);
        await page.getByLabel('Their name').fill('Bea');
        await page.getByLabel('From', { exact: true }).fill('Ada');
        await page.getByLabel('Message').fill('For the <b>train</b>.\nHear it by the sea.');
        await page.getByLabel('Card number').fill(DECLINED);
        await agree(page);
        await page.getByRole('button', { name: /^Pay / }).click();
        await expect(page.getByText(/declined/i).first()).toBeVisible();
        await expect(page.getByLabel('Their email address')).toHaveValue(friend.email);
        await expect(page.getByLabel('Message')).toHaveValue('For the <b>train</b>.\nHear it by the sea.');
        await page.getByLabel('Card number').fill(ACCEPTED);
        await agree(page);
        await page.getByRole('button', { name: /^Pay / }).click();
        await expect(page.getByRole('heading', { name: 'Thank you' })).toBeVisible();
        await expect(page.getByTestId('gift-state')).toContainText(friend.email);
        await settled(page);
        await inspect(page, 'a gift’s receipt');
    });
    const order = new URL(page.url()).pathname;

    await test.step('it is not in the library of the buyer', async () => {
        await open(page, '/library');
        await expect(page.getByRole('link', { name: NAME })).toHaveCount(0);
    });

    const office = await browser.newContext({ baseURL: shop.address });
    overhear(office);
    const admin = await office.newPage();
    let link = '';
    await test.step('the mail goes, and has the link that the buyer can copy', async () => {
        await logInAsAdmin(admin);
        await expect(async () => {
            await admin.goto('/admin/mail');
            await expect(admin.getByText(`to ${friend.email}`)).toBeVisible({ timeout: 1_000 });
        }).toPass({ timeout: 30_000 });
        await admin.getByRole('link', { name: 'You have been given an audiobook' }).first().click();
        link = (await admin.locator('pre a').first().getAttribute('href')) ?? '';
        expect(link).toContain('/gift/');
        await open(page, order);
        await expect(page.getByTestId('gift-state')).toContainText('The mail went to');
        expect(await page.getByTestId('gift-link').inputValue()).toContain(new URL(link).pathname);
    });

    await test.step('another address gets another link', async () => {
        await page.getByLabel('Send it again, or to another address').fill(`other-${friend.email}`);
        await page.getByRole('button', { name: 'Send', exact: true }).click();
        await expect(page.getByText('It is on its way again.')).toBeVisible();
        await open(page, order);
        const other = new URL(await page.getByTestId('gift-link').inputValue()).pathname;
        expect(other).not.toBe(new URL(link).pathname);
        link = other;
    });

    const elsewhere = await browser.newContext({ baseURL: shop.address });
    overhear(elsewhere);
    const recipient = await elsewhere.newPage();
    await test.step('whoever has the link reads the message as it was written, and registers on the way', async () => {
        await open(recipient, link);
        await expect(recipient.getByRole('heading', { name: 'Ada has given you an audiobook' })).toBeVisible();
        await expect(recipient.getByTestId('message')).toHaveText(/For the <b>train<\/b>\./);
        await expect(recipient.locator('meta[name=robots]')).toHaveAttribute('content', /noindex/);
        await inspect(recipient, 'a gift');
        await recipient.locator('main').getByRole('link', { name: 'Register' }).click();
        await fillRegistration(recipient, friend);
        await recipient.waitForURL((url) => url.pathname === link);
        await settled(recipient);
        await recipient.getByRole('button', { name: 'Accept the gift' }).click();
        await recipient.waitForURL(`**/library/${TITLE}`);
    });

    await test.step('the buyer sees that it was accepted, and an admin too', async () => {
        await open(page, order);
        await expect(page.getByTestId('gift-state')).toContainText('The gift was accepted');
        await expect(page.getByTestId('gift-link')).toHaveCount(0);
        await open(admin, `/admin${order}`);
        await expect(admin.getByTestId('gift')).toContainText('The gift was accepted');
        await expect(admin.getByTestId('order-events')).toContainText('Gift accepted');
    });

    await test.step('nobody accepts it a second time', async () => {
        await open(page, link);
        await expect(page.getByRole('heading', { name: 'This gift is accepted' })).toBeVisible();
        await expect(page.getByTestId('message')).toHaveCount(0);
    });
    await elsewhere.close();
    await office.close();
});

test('a code that is none says so', async ({ page }) => {
    await open(page, '/gift/2222-2222-2222-2222-2222');
    await expect(page.getByText('There is no gift with this code.')).toBeVisible();
});

test('who got a code on paper types it in', async ({ page }) => {
    await register(page);
    await open(page, `/books/${TITLE}`);
    await page.getByRole('link', { name: 'Give as a gift' }).click();
    await page.getByLabel('Their email address').fill('paper@example.com');
    await page.getByLabel('From', { exact: true }).fill('Ada');
    await page.getByLabel('Card number').fill(ACCEPTED);
    await agree(page);
    await page.getByRole('button', { name: /^Pay / }).click();
    const address = new URL(await page.getByTestId('gift-link').inputValue()).pathname;
    const code = address.slice('/gift/'.length);
    await page.getByRole('contentinfo').getByRole('link', { name: 'Open a gift' }).click();
    await settled(page);
    await inspect(page, 'typing the code of a gift');
    await page.getByLabel('Code of the gift').fill('2222-2222-2222-2222-2222');
    await page.getByRole('button', { name: 'Open it' }).click();
    await expect(page.getByRole('alert').filter({ hasText: 'There is no gift with this code.' })).toBeVisible();
    await expect(page.getByLabel('Code of the gift')).toHaveValue('2222-2222-2222-2222-2222');
    await page.getByLabel('Code of the gift').fill(` ${code.toLowerCase().replaceAll('-', ' ')} `);
    await page.getByRole('button', { name: 'Open it' }).click();
    await expect(page.getByRole('heading', { name: 'Ada has given you an audiobook' })).toBeVisible();
});

test.describe('without JavaScript', () => {
    test.use({ javaScriptEnabled: false });

    test('a gift is given and accepted', async ({ page, browser, shop }) => {
        await page.goto('/register');
        await fillRegistration(page);
        await page.goto(`/books/${TITLE}`);
        await page.getByRole('link', { name: 'Give as a gift' }).click();
        await page.getByLabel('Their email address').fill('bea@example.com');
        await page.getByLabel('From', { exact: true }).fill('Ada');
        await page.getByLabel('Card number').fill(ACCEPTED);
        await agree(page);
        await page.getByRole('button', { name: /^Pay / }).click();
        await expect(page.getByRole('heading', { name: 'Thank you' })).toBeVisible();
        const link = await page.getByTestId('gift-link').inputValue();

        const elsewhere = await browser.newContext({ baseURL: shop.address, javaScriptEnabled: false });
        const recipient = await elsewhere.newPage();
        await recipient.goto(new URL(link).pathname);
        await recipient.locator('main').getByRole('link', { name: 'Register' }).click();
        await fillRegistration(recipient);
        await recipient.getByRole('button', { name: 'Accept the gift' }).click();
        await expect(recipient).toHaveURL(new RegExp(`/library/${TITLE}`));
        await elsewhere.close();
    });
});
