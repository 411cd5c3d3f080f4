import type { Page } from '@playwright/test';
import { inspect } from './support/barriers';
import { expect, open, refused, settled, test } from './support/journey';
import { buy, logInAsAdmin, register, somebody } from './support/shopper';

test.use({ expected: { 'a review without stars': refused('422', '/api/reviews/rate') } });
test.describe.configure({ timeout: 300_000 });

const SLUG = 'the-year-of-the-owl';
const UNKIND = '<script>alert(1)</script>\nThe reader is <b>a fool</b>.';

async function stars(page: Page, of: 'Story' | 'Performance', given: string): Promise<void> {
    await page.getByRole('group', { name: of }).getByRole('radio', { name: given }).check();
}

/** The review by somebody, where it is listed. */
function reviewBy(page: Page, name: string) {
    return page.getByTestId('review').filter({ hasText: name });
}

test('a buyer rates a title, others read it, and an admin keeps order', async ({ page, browser, shop, overhear }) => {
    const [ada, ben] = [somebody(), somebody()];
    const elsewhere = await browser.newContext({ baseURL: shop.address });
    overhear(elsewhere);
    const buyer = await elsewhere.newPage();
    await register(buyer, ada);

    await test.step('who has not bought it is not asked', async () => {
        await open(buyer, `/books/${SLUG}`);
        await expect(buyer.getByText('Nobody has rated this title yet.')).toBeVisible();
        await expect(buyer.getByRole('group', { name: 'Story' })).toHaveCount(0);
    });

    await test.step('who has bought it rates it', async () => {
        await buy(buyer, SLUG);
        await open(buyer, `/books/${SLUG}`);
        await stars(buyer, 'Story', '5 stars');
        await stars(buyer, 'Performance', '4 stars');
        await buyer.getByLabel('Your review').fill(UNKIND);
        await buyer.getByRole('button', { name: 'Rate', exact: true }).click();
        await expect(buyer.getByText('Thank you. Your rating is kept.')).toBeVisible();
        await expect(reviewBy(buyer, ada.name)).toContainText('Verified buyer');
        await expect(buyer.getByTestId('breakdown')).toContainText('4.5 of 5 from 1 rating');
        await inspect(buyer, 'a title that was rated');
    });

    await test.step('a guest reads the words as they were typed, and finds the title by its stars', async () => {
        await open(page, `/books/${SLUG}`);
        await expect(reviewBy(page, ada.name)).toContainText('<script>alert(1)</script>');
        await expect(page.getByTestId('review').locator('script, b')).toHaveCount(0);
        const data = await page.locator('script[type="application/ld+json"]').allTextContents();
        expect(data.join('\n')).toContain('"aggregateRating"');
        await open(page, '/browse');
        await page.getByTestId('filters').locator('summary').click();
        await page.getByLabel('4 stars and up').check();
        await page.getByRole('button', { name: 'Apply filters' }).click();
        await page.waitForURL((url) => url.searchParams.get('rated') === '4');
        await expect(page.getByRole('main').getByRole('article')).toHaveCount(1);
        await expect(page.getByRole('main').getByRole('article')).toContainText('Year of the Owl');
    });

    await test.step('another shopper reports it', async () => {
        await register(page, ben);
        await open(page, `/books/${SLUG}`);
        await reviewBy(page, ada.name).getByRole('button', { name: /Report/ }).click();
        await expect(page.getByText('Thank you. Somebody of the shop will read this review.')).toBeVisible();
    });

    const guests = await browser.newContext({ baseURL: shop.address });
    overhear(guests);
    const visitor = await guests.newPage();
    const desk = await browser.newContext({ baseURL: shop.address });
    overhear(desk);
    const admin = await desk.newPage();
    await test.step('an admin hides it and says why', async () => {
        await logInAsAdmin(admin);
        await open(admin, '/admin/reviews');
        await expect(reviewBy(admin, ada.name)).toContainText('1 report');
        await inspect(admin, 'a reported review');
        await reviewBy(admin, ada.name).getByLabel('Reason').fill('It insults the reader.');
        await reviewBy(admin, ada.name).getByRole('button', { name: 'Hide' }).click();
        await expect(reviewBy(admin, ada.name)).toContainText('Hidden: It insults the reader.');
        await open(visitor, `/books/${SLUG}`);
        await expect(visitor.getByText('Nobody has rated this title yet.')).toBeVisible();
        await expect(visitor.getByTestId('review')).toHaveCount(0);
    });

    await test.step('its author reads why, writes something else, and the admin shows it again', async () => {
        await open(buyer, `/books/${SLUG}`);
        await expect(buyer.getByText('The shop has hidden your review: It insults the reader.')).toBeVisible();
        await buyer.getByLabel('Your review').fill('The storm kept me awake.');
        await buyer.getByRole('button', { name: 'Change the rating' }).click();
        await expect(buyer.getByText('Thank you. Your rating is kept.')).toBeVisible();
        await open(admin, '/admin/reviews');
        await expect(reviewBy(admin, ada.name)).toContainText('The storm kept me awake.');
        await reviewBy(admin, ada.name).getByRole('button', { name: 'Show again' }).click();
        await expect(reviewBy(admin, ada.name)).not.toContainText('Hidden');
        await open(visitor, `/books/${SLUG}`);
        await expect(reviewBy(visitor, ada.name)).toContainText('The storm kept me awake.');
    });

    await test.step('the author takes it away', async () => {
        await open(buyer, `/books/${SLUG}`);
        await buyer.getByRole('button', { name: 'Remove the rating' }).click();
        await expect(buyer.getByText('Nobody has rated this title yet.')).toBeVisible();
        await settled(buyer);
    });
    for (const context of [elsewhere, guests, desk]) await context.close();
});

test('rating does without JavaScript', async ({ page, browser, shop }) => {
    const person = somebody();
    await register(page, person);
    await buy(page, 'the-last-spoon');
    const context = await browser.newContext({ baseURL: shop.address, javaScriptEnabled: false });
    await context.addCookies(await page.context().cookies());
    const plain = await context.newPage();
    await plain.goto('/books/the-last-spoon');
    await stars(plain, 'Story', '3 stars');
    await stars(plain, 'Performance', '5 stars');
    await plain.getByRole('button', { name: 'Rate', exact: true }).click();
    await plain.waitForURL(/\?rated=1#reviews$/);
    await expect(plain.getByText('Thank you. Your rating is kept.')).toBeVisible();
    await expect(reviewBy(plain, person.name)).toContainText('Story 3, performance 5');
    await context.close();
});
