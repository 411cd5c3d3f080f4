import type { Page } from '@playwright/test';
import { inspect } from './support/barriers';
import { expect, open, refused, settled, test } from './support/journey';
import { ADMIN } from './support/server';
import { logInAsAdmin } from './support/shopper';

const TITLE = 'the-bell-at-north-rock';
const NAME = 'The Bell at North Rock';

test.use({
    contextOptions: { reducedMotion: 'reduce' },
    expected: {
        'a sentence that somebody else has changed': refused('409', '/api/editing/sentence'),
        'a sample that is too much of the book': refused('422', '/api/production/sample'),
    },
});
test.describe.configure({ timeout: 180_000 });

/** The desk of the title. */
async function desk(page: Page): Promise<void> {
    await page.goto('/admin/titles?q=north+rock');
    await page.locator('main').getByRole('link', { name: NAME }).click();
    await expect(page.getByRole('heading', { level: 1, name: NAME })).toBeVisible();
}

const lines = (page: Page) => page.getByTestId('line');
const sentence = (page: Page, place: number) => lines(page).nth(place).getByTestId('line-text');

/** A sentence without its time. */
async function text(page: Page, place: number): Promise<string> {
    const words = await sentence(page, place).innerText();
    return words.replace(/^[\d:]+\s*/, '').trim();
}

test('an admin edits the text by keys alone, and undoes it in order', async ({ page }) => {
    await logInAsAdmin(page);
    await desk(page);
    await settled(page);
    await page.locator('#transcript').getByRole('link', { name: /edit (the text|all of it)/i }).click();
    await expect(lines(page).first()).toBeVisible();
    await settled(page);
    const [first, second] = [await text(page, 0), await text(page, 1)];

    await test.step('the page has no barrier', () => inspect(page, 'the editor of a text'));

    await test.step('the keys are listed', async () => {
        await page.getByTestId('shortcuts').locator('summary').click();
        await expect(page.getByTestId('shortcuts')).toContainText('join it with the next');
    });

    await test.step('a sentence is walked to, opened, corrected and saved', async () => {
        await sentence(page, 0).focus();
        await page.keyboard.press('j');
        await expect(sentence(page, 1)).toBeFocused();
        await page.keyboard.press('k');
        await expect(sentence(page, 0)).toBeFocused();
        await page.keyboard.press('e');
        const field = lines(page).first().getByRole('textbox', { name: /^What is said at/ });
        await expect(field).toBeFocused();
        await field.fill('A sentence that nobody had heard before.');
        await inspect(page, 'a sentence that is open');
        await page.keyboard.press('Control+Enter');
        await expect(sentence(page, 0)).toContainText('A sentence that nobody had heard before.');
        await expect(sentence(page, 0), 'the focus comes back').toBeFocused();
        await expect(lines(page).first()).toHaveAttribute('data-standing', 'Corrected');
        await expect(page.getByTestId('undo-what')).toContainText('Changed the words');
    });

    await test.step('nothing is taken from who types, and Escape closes', async () => {
        await sentence(page, 1).focus();
        await page.keyboard.press('e');
        const field = lines(page).nth(1).getByRole('textbox', { name: /^What is said at/ });
        await field.fill('');
        await page.keyboard.type('jkxmu');
        await expect(field).toHaveValue('jkxmu');
        await page.keyboard.press('Escape');
        await expect(page.getByTestId('line-form')).toHaveCount(0);
        expect(await text(page, 1)).toBe(second);
    });

    await test.step('a line break splits, and a key joins', async () => {
        const before = await lines(page).count();
        await sentence(page, 0).focus();
        await page.keyboard.press('e');
        const field = lines(page).first().getByRole('textbox', { name: /^What is said at/ });
        await field.fill('A sentence that nobody\nhad heard before.');
        await page.keyboard.press('Control+Enter');
        await expect(sentence(page, 1)).toContainText('had heard before.');
        expect(await lines(page).count()).toBeGreaterThanOrEqual(before);
        await sentence(page, 0).focus();
        await page.keyboard.press('m');
        await expect(sentence(page, 0)).toContainText('A sentence that nobody had heard before.');
        expect(await text(page, 1)).toBe(second);
    });

    await test.step('one is not spoken, and one has a speaker', async () => {
        await sentence(page, 1).focus();
        await page.keyboard.press('x');
        await expect(lines(page).nth(1)).toHaveAttribute('data-standing', 'Dropped');
        await sentence(page, 0).focus();
        await page.keyboard.press('e');
        await lines(page).first().getByLabel('Speaker').fill('The keeper');
        await page.keyboard.press('Control+Enter');
        await expect(sentence(page, 0)).toContainText('The keeper');
    });

    await test.step('it sounds from a sentence on', async () => {
        await sentence(page, 2).focus();
        await page.keyboard.press('p');
        await expect(lines(page).nth(2)).toHaveAttribute('data-lit', '', { timeout: 30_000 });
        await sentence(page, 2).focus();
        await page.keyboard.press('p');
        const paused = () => page.getByTestId('editor-sound').evaluate((audio: HTMLAudioElement) => audio.paused);
        await expect.poll(paused).toBe(true);
    });

    await test.step('readers get what came of it', async () => {
        await open(page, `/library/${TITLE}`);
        const transcript = page.getByTestId('transcript');
        await expect(transcript).toContainText('The keeper: A sentence that nobody had heard before.');
        await expect(transcript).not.toContainText(second);
        await page.goBack();
        await expect(lines(page).first()).toBeVisible();
        await settled(page);
    });

    await test.step('all of it is undone, the last first', async () => {
        const what = page.getByTestId('undo-what');
        for (const words of ['Said who speaks', 'Marked as not spoken', 'Joined two', 'Split a', 'Changed the words']) {
            await expect(what).toContainText(words);
            await page.getByTestId('undo').click();
            await expect(page.getByTestId('undone')).toContainText(words);
        }
        await expect.poll(() => text(page, 0)).toBe(first);
        expect(await text(page, 1)).toBe(second);
    });

    await test.step('the audit trail tells it', async () => {
        await open(page, '/admin/audit');
        for (const words of ['Edited a sentence of a text', 'Undid an edit of a text'])
            await expect(page.locator('main')).toContainText(words);
    });
});

test('of two admins the slower is told what the other wrote', async ({ page, context }) => {
    await logInAsAdmin(page);
    await desk(page);
    await page.locator('#transcript').getByRole('link', { name: /edit (the text|all of it)/i }).click();
    await expect(lines(page).first()).toBeVisible();
    await settled(page);
    const other = await context.newPage();
    await other.goto(page.url());
    await settled(other);
    for (const [who, words] of [[other, 'The other was quicker.'], [page, 'And this one slower.']] as const) {
        await sentence(who, 3).click();
        await lines(who).nth(3).getByRole('textbox', { name: /^What is said at/ }).fill(words);
        await lines(who).nth(3).getByTestId('save-line').click();
        if (who === other) await expect(sentence(other, 3)).toContainText(words);
    }
    await expect(page.getByRole('alert').filter({ hasText: 'The other was quicker.' })).toBeVisible();
    await expect(lines(page).nth(3).getByRole('textbox', { name: /^What is said at/ }), 'what was typed stays').toHaveValue(
        'And this one slower.',
    );
    await other.getByTestId('undo').click();
    await expect(other.getByTestId('undone')).toContainText('Changed the words');
});

test('words are replaced once it was seen where', async ({ page }) => {
    await logInAsAdmin(page);
    await desk(page);
    await page.locator('#transcript').getByRole('link', { name: 'Find and replace' }).click();
    await settled(page);
    await page.getByLabel('Find', { exact: true }).fill('the');
    await page.getByLabel('Put in its place').fill('THE');
    await page.getByLabel('Whole words only').check();
    await page.getByRole('button', { name: 'Show what would change' }).click();
    const matches = page.getByTestId('matches').getByRole('listitem');
    await expect(matches.first()).toContainText('THE');
    await inspect(page, 'find and replace');
    const number = await matches.count();
    await page.getByTestId('replace-all').click();
    await expect(page.getByTestId('replaced')).toContainText(`Replaced in ${number} sentence`);
    await page.getByTestId('undo').click();
    await expect(page.getByTestId('replaced')).toContainText('Undone. Replaced words');
});

test('chapters are added, moved, renamed, removed and put back', async ({ page }) => {
    await logInAsAdmin(page);
    await desk(page);
    await page.locator('#transcript').getByRole('link', { name: 'Chapters' }).click();
    const chapters = page.getByTestId('kept-chapter');
    await expect(page.getByTestId('chapters-said')).toBeVisible();
    await settled(page);
    const before = await chapters.count();
    await inspect(page, 'the chapters of a title');
    await page.locator('#start').fill('0:07.5');
    await page.locator('#title').fill('A chapter of our own');
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await expect(chapters).toHaveCount(before + 1);
    const own = chapters.filter({ has: page.getByRole('button', { name: 'Save the chapter A chapter of our own' }) });
    await own.getByLabel('Begins at').fill('0:09');
    await own.getByLabel('Name').fill('Renamed');
    await own.getByRole('button', { name: /^Save/ }).click();
    const renamed = chapters.filter({ has: page.getByRole('button', { name: 'Save the chapter Renamed' }) });
    await expect(renamed.getByLabel('Begins at')).toHaveValue('0:09');
    if (before > 0) {
        await renamed.getByRole('button', { name: /^Remove/ }).click();
        await expect(chapters).toHaveCount(before);
        await page.getByTestId('undo').click();
        await expect(chapters).toHaveCount(before + 1);
    }
    for (let undone = 0; undone < 2; undone += 1) {
        const what = await page.getByTestId('undo-what').innerText();
        await page.getByTestId('undo').click();
        await expect(page.getByTestId('undo-what').or(page.getByText('Nothing to undo.'))).not.toHaveText(what);
    }
    await expect(chapters).toHaveCount(before);
});

test('the sample is read before it is cut, and is a fifth of the book at most', async ({ page }) => {
    await logInAsAdmin(page);
    await desk(page);
    await settled(page);
    const preview = page.getByTestId('sample-preview');
    await expect(preview.getByTestId('sample-words')).toBeVisible();
    const before = await preview.getByTestId('sample-words').innerText();
    await page.locator('#sample_start').fill('30');
    await page.locator('#sample_end').fill('45');
    await preview.getByTestId('preview-sample').click();
    await expect(preview.getByTestId('sample-words')).not.toHaveText(before);
    await page.locator('#sample_end').fill('120');
    await preview.getByTestId('preview-sample').click();
    await expect(preview.getByRole('alert')).toContainText('a fifth of the book');
});

test('hearing a corrected title again asks what becomes of the corrections', async ({ page }) => {
    await logInAsAdmin(page);
    await desk(page);
    await page.locator('#transcript').getByRole('link', { name: /edit (the text|all of it)/i }).click();
    await expect(lines(page).first()).toBeVisible();
    await settled(page);
    await sentence(page, 4).click();
    await lines(page).nth(4).getByRole('textbox', { name: /^What is said at/ }).fill('This stays.');
    await lines(page).nth(4).getByTestId('save-line').click();
    await expect(sentence(page, 4)).toContainText('This stays.');
    await desk(page);
    await settled(page);
    await page.getByTestId('redo-menu-transcribe').click();
    await expect(page.getByTestId('corrections')).toContainText('put right by hand');
    await expect(page.getByTestId('corrections').getByRole('radio', { name: /They stay/ })).toBeChecked();
});

test.describe('without JavaScript', () => {
    test.use({ javaScriptEnabled: false });

    test('a sentence is corrected and the correction undone', async ({ page }) => {
        await page.goto('/login');
        await page.getByLabel('Email address').fill(ADMIN.email);
        await page.locator('#password').fill(ADMIN.password);
        await page.locator('main').getByRole('button', { name: 'Log in' }).click();
        await page.waitForURL((url) => url.pathname !== '/login');
        await desk(page);
        await page.locator('#transcript').getByRole('link', { name: /edit (the text|all of it)/i }).click();
        await sentence(page, 0).click();
        const form = page.getByTestId('line-form');
        await expect(form.locator('audio')).toHaveAttribute('src', /#t=[\d.]+,[\d.]+$/);
        await form.getByRole('textbox', { name: /^What is said at/ }).fill('Corrected by hand.');
        await form.getByTestId('save-line').click();
        await expect(sentence(page, 0)).toContainText('Corrected by hand.');
        await page.getByTestId('undo').click();
        await expect(sentence(page, 0)).not.toContainText('Corrected by hand.');
    });
});
