import { test as journey } from './journey';
import { Mailbox } from './mailbox';

/** Journeys through a shop that sends its mails by a real SMTP server. */
export const test = journey.extend<object, { mailbox: Mailbox }>({
    mailbox: [
        async ({}, use) => {
            const mailbox = await Mailbox.open();
            await use(mailbox);
            mailbox.close();
        },
        { scope: 'worker' },
    ],
    wishes: [async ({ mailbox }, use) => use({ settings: mailbox.settings }), { scope: 'worker' }],
});
