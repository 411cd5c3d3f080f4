import type { Page } from '@playwright/test';
import { expect, open, settled } from './journey';
import { ADMIN } from './server';

export const ACCEPTED = '4242 4242 4242 4242';
export const DECLINED = '4000 0000 0000 0002';
/** The bank asks its customer. */
export const SECOND_STEP = '4000 0027 6000 3184';
/** It is charged, and the bank's answer is lost. */
export const LOST = '4000 0000 0000 0119';

let people = 0;

/** A person who has not been here before. */
export function somebody(): { name: string; email: string; password: string } {
    people += 1;
    const name = `listener-${Date.now().toString(36)}-${people}`;
    return { name, email: `${name}@example.com`, password: 'seven green bottles' };
}

/** Fills in the form to register, on the page that shows it. */
export async function fillRegistration(page: Page, person = somebody()): Promise<void> {
    await page.getByLabel('Name', { exact: true }).fill(person.name);
    await page.getByLabel('Email address').fill(person.email);
    await page.locator('#password').fill(person.password);
    await page.locator('main').getByRole('button', { name: 'Register' }).click();
}

export async function register(page: Page, person = somebody()): Promise<void> {
    await open(page, '/register');
    await fillRegistration(page, person);
    await page.waitForURL((url) => url.pathname !== '/register');
    await settled(page);
}

export async function logInAsAdmin(page: Page): Promise<void> {
    await open(page, '/login');
    await page.getByLabel('Email address').fill(ADMIN.email);
    await page.locator('#password').fill(ADMIN.password);
    await page.locator('main').getByRole('button', { name: 'Log in' }).click();
    await page.waitForURL((url) => url.pathname !== '/login');
    await settled(page);
}

/** Puts a title into the cart. */
export async function choose(page: Page, slug: string): Promise<void> {
    await open(page, `/books/${slug}`);
    await page.getByRole('button', { name: 'Add to cart' }).click();
    await expect(page.getByRole('link', { name: 'In your cart' })).toBeVisible();
}

/** Ticks the box about the right of withdrawal, on the checkout page. */
export async function agree(page: Page): Promise<void> {
    await page.getByRole('checkbox', { name: /I lose my right of withdrawal/ }).check();
}

/** Buys a title, for one who is logged in and has nothing else in the cart. Ends on the receipt. */
export async function buy(page: Page, slug: string): Promise<void> {
    await choose(page, slug);
    await open(page, '/checkout');
    await page.getByLabel('Card number').fill(ACCEPTED);
    await agree(page);
    await page.getByRole('button', { name: /^Pay / }).click();
    await expect(page.getByRole('heading', { name: 'Thank you' })).toBeVisible();
    await settled(page);
}
