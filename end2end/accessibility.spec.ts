import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, open, refused, test } from './support/journey';
import { buy, choose, register } from './support/shopper';

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
const SIZES = { phone: { width: 390, height: 844 }, desktop: { width: 1280, height: 900 } };
const COLOURS = ['light', 'dark'] as const;

test.use({
    contextOptions: { reducedMotion: 'reduce' },
    expected: { 'pages that are not there': refused('404', '/(no-such-page|books/no-such-book)') },
});

/** Colours fade into each other when the scheme changes: what counts is where they end. */
async function stillness(page: Page): Promise<void> {
    await page.evaluate(async () => {
        const frame = () => new Promise((next) => requestAnimationFrame(next));
        for (let calm = 0; calm < 3; calm += 1) {
            await frame();
            const fading = document.getAnimations().filter((one) => one instanceof CSSTransition);
            for (const one of fading) one.finish();
        }
    });
}

// Every page is looked at four times.
test.describe.configure({ timeout: 360_000 });

/** Looks for violations on the open page, in each size and colour scheme. */
async function inspect(page: Page, name: string): Promise<void> {
    for (const [size, viewport] of Object.entries(SIZES)) {
        await page.setViewportSize(viewport);
        for (const colorScheme of COLOURS) {
            await page.emulateMedia({ colorScheme });
            await stillness(page);
            const { violations } = await new AxeBuilder({ page }).withTags(RULES).analyze();
            const found = violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`);
            expect.soft(found, `${name}, ${size}, ${colorScheme}`).toEqual([]);
            const sideways = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
            expect.soft(sideways, `${name} is too wide, ${size}`).toBeLessThanOrEqual(0);
        }
    }
}

async function visit(page: Page, name: string, path: string): Promise<void> {
    await test.step(name, async () => {
        await open(page, path);
        await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
        await inspect(page, name);
    });
}

test('a guest’s pages have no barrier', async ({ page }) => {
    await visit(page, 'home', '/');
    await visit(page, 'browse', '/browse');
    await visit(page, 'nothing found', '/browse?q=zzzzzz');
    await visit(page, 'product', '/books/the-bell-at-north-rock');
    await visit(page, 'empty cart', '/cart');
    await visit(page, 'login', '/login');
    await visit(page, 'register', '/register');
    await visit(page, 'forgotten password', '/forgot-password');
    await visit(page, 'new password', '/reset-password?token=0');
    await visit(page, 'address to confirm', '/verify-email?token=0');
    await visit(page, 'not found', '/no-such-page');
    await visit(page, 'no such title', '/books/no-such-book');
});

test('a buyer’s pages have no barrier', async ({ page }) => {
    await register(page);
    await visit(page, 'account', '/account');
    await visit(page, 'no orders', '/orders');
    await visit(page, 'empty library', '/library');
    await choose(page, 'the-last-spoon');
    await visit(page, 'cart', '/cart');
    await visit(page, 'checkout', '/checkout');
    await open(page, '/cart');
    await page.getByRole('button', { name: 'Remove The Last Spoon' }).click();
    await expect(page.getByText('Your cart is empty')).toBeVisible();
    await buy(page, 'the-year-of-the-owl');
    await test.step('receipt', () => inspect(page, 'receipt'));
    await visit(page, 'orders', '/orders');
    await visit(page, 'library', '/library');
    await visit(page, 'player', '/library/the-year-of-the-owl');
});
