import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect, visit } from './support/barriers';
import { expect, open, refused, settled, test } from './support/journey';
import { buy, choose, logInAsAdmin, register } from './support/shopper';
import { humming } from './support/sound';
import { drop, narrowLine } from './support/uploading';

test.use({
    wishes: { worker: true },
    contextOptions: { reducedMotion: 'reduce' },
    expected: {
        'pages that say why they are not there': refused('404', '/(no-such-page|books/no-such-book)'),
        'a page that asks who one is': refused('401', '/admin'),
        'forms that say what is wrong with them': refused('422', '/api/(account/login|admin/save-title)'),
        'a file that is no sound': refused('422', '/uploads/[0-9a-f-]{36}'),
    },
});

// Every page is looked at four times.
test.describe.configure({ timeout: 360_000 });

test('a guest’s pages have no barrier', async ({ page }) => {
    await visit(page, 'home', '/');
    await visit(page, 'browse', '/browse');
    await visit(page, 'nothing found', '/browse?q=zzzzzz');
    await visit(page, 'product', '/books/the-bell-at-north-rock');
    await visit(page, 'person', '/people/nora-fenwick');
    await visit(page, 'series', '/series/the-lantern-coast');
    await visit(page, 'empty cart', '/cart');
    await visit(page, 'register', '/register');
    await visit(page, 'forgotten password', '/forgot-password');
    await visit(page, 'new password', '/reset-password?token=0');
    await visit(page, 'address to confirm', '/verify-email?token=0');
    await visit(page, 'not found', '/no-such-page');
    await visit(page, 'no such title', '/books/no-such-book');
    await visit(page, 'not for guests', '/admin');
    await visit(page, 'login', '/login');
    await page.getByLabel('Email address').fill('nobody@example.com');
    await page.locator('#password').fill('not the right one');
    await page.locator('main').getByRole('button', { name: 'Log in' }).click();
    await expect(page.getByText('That address and password do not match')).toBeVisible();
    await inspect(page, 'login refused');
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
    await inspect(page, 'receipt');
    await visit(page, 'orders', '/orders');
    await visit(page, 'library', '/library');
    await visit(page, 'player', '/library/the-year-of-the-owl');

    const lit = page.locator('[data-testid=word][data-lit=true]');
    await page.getByTestId('player').getByTestId('play').click();
    await expect(lit).toBeVisible();
    await page.getByTestId('player').getByText('Speed and more').click();
    await inspect(page, 'player at work');
    await expect(page.getByTestId('player').getByTestId('pause'), 'it has played all the time').toBeVisible();
    await page.getByRole('link', { name: 'About this book' }).click();
    await page.getByTestId('player-bar').getByRole('button', { name: 'More controls' }).click();
    await inspect(page, 'the bar of the player');
});

test('an admin’s pages have no barrier', async ({ page, folder }) => {
    await logInAsAdmin(page);
    await expect(async () => {
        await open(page, '/admin/models');
        await expect(page.getByTestId('model').first()).toBeVisible({ timeout: 1_000 });
    }, 'the worker says which models it has').toPass({ timeout: 30_000 });
    await inspect(page, 'models');
    await visit(page, 'titles', '/admin/titles');
    await visit(page, 'no title found', '/admin/titles?q=zzzzzz');
    await visit(page, 'orders of everybody', '/admin/orders');
    await visit(page, 'users', '/admin/users');
    await visit(page, 'jobs', '/admin/jobs');
    await visit(page, 'categories', '/admin/categories');
    await page.getByTestId('categories').getByRole('link').first().click();
    await expect(page.getByRole('button', { name: 'Merge' })).toBeVisible();
    await inspect(page, 'a category');
    await visit(page, 'authors and narrators', '/admin/contributors');
    await page.locator('main').getByRole('listitem').getByRole('link').first().click();
    await expect(page.getByLabel('Biography')).toBeVisible();
    await inspect(page, 'an author');
    await visit(page, 'all series', '/admin/series');
    await page.locator('main').getByRole('listitem').getByRole('link').first().click();
    await expect(page.getByRole('button', { name: 'Save the numbers' })).toBeVisible();
    await inspect(page, 'one series');
    await visit(page, 'reviews', '/admin/reviews');
    await visit(page, 'sales', '/admin/sales');
    await visit(page, 'coupons', '/admin/coupons');
    await visit(page, 'wishlist', '/wishlist');
    await visit(page, 'settings', '/admin/settings');
    await visit(page, 'audit trail', '/admin/audit');
    await visit(page, 'nothing in the audit trail', '/admin/audit?who=nobody%40example.com');

    await open(page, '/admin/titles?q=north+rock');
    await page.locator('main').getByRole('link', { name: 'The Bell at North Rock' }).click();
    await expect(page.locator('#transcript').getByRole('listitem').first()).toBeVisible();
    await page.getByTestId('redo-menu-describe').click();
    await inspect(page, 'the desk of a title');
    await page.locator('#edit #price').fill('a lot');
    await page.getByTestId('save-title').click();
    await expect(page.getByTestId('save-status')).toHaveText('Not saved.');
    await inspect(page, 'a form that was refused');

    await open(page, '/admin');
    const [hum, text] = ['1 hum.wav', '2 no sound.mp3'].map((name) => join(folder, name));
    writeFileSync(hum, humming(30));
    writeFileSync(text, 'These are words, and no sound at all.\n'.repeat(100));
    await narrowLine(page, 100_000);
    await drop(page, [hum, text]);
    const rows = page.getByTestId('upload-row');
    await expect(rows.first()).toHaveAttribute('data-state', 'sending');
    await rows.first().getByRole('button', { name: 'Pause' }).click();
    await expect(rows.first()).toHaveAttribute('data-state', 'paused');
    await expect(rows.last()).toHaveAttribute('data-state', 'refused');
    await inspect(page, 'the dashboard with files on their way');

    await page.reload();
    await settled(page);
    await expect(page.getByText('choose the file again to go on')).toBeVisible();
    await inspect(page, 'the dashboard with a file that was cut off');
    await page.getByRole('link', { name: 'Hum', exact: true }).click();
    await expect(page.getByTestId('file')).toHaveCount(2);
    await inspect(page, 'the desk of a title on its way');
});
