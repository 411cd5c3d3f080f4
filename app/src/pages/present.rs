//! Accepting a gift.

use crate::api::gifts::{AcceptGift, present};
use crate::components::books::Cover;
use crate::components::failure::{FormError, and_back, outcome};
use crate::components::field::FormState;
use crate::components::picture::LARGE;
use crate::components::skeleton::PageSkeleton;
use crate::components::tags::{Title, Unlisted};
use crate::components::text::{length, names};
use crate::paths;
use domain::ordering::{Present, PresentStanding};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

#[component]
pub fn PresentPage() -> impl IntoView {
    let params = use_params_map();
    let code = Memo::new(move |_| params.read().get_str("code").unwrap_or_default().to_owned());
    let accept = ServerAction::<AcceptGift>::new();
    let answer = FormState::of(accept);
    let viewer = crate::api::account::use_viewer();
    let read = Resource::new(
        move || (code.get(), accept.version().get(), viewer.login.version().get(), viewer.logout.version().get()),
        |(code, ..)| present(code),
    );
    view! {
        <Title text="A gift" />
        <Unlisted />
        <Transition fallback=PageSkeleton>
            {move || Suspend::new(async move {
                outcome(read.await, move |present| {
                    let code = code.get_untracked();
                    view! { <Shown present code accept answer /> }
                })
            })}
        </Transition>
    }
}

#[component]
fn Shown(present: Present, code: String, accept: ServerAction<AcceptGift>, answer: FormState<()>) -> impl IntoView {
    let Present { title, recipient_name, sender, message, standing } = present;
    let sender = sender.unwrap_or_else(|| "Somebody".to_owned());
    let heading = if standing == PresentStanding::Taken {
        "This gift is accepted".to_owned()
    } else {
        format!("{sender} has given you an audiobook")
    };
    let greeting = recipient_name.map(|name| view! { <p class="text-lg">{format!("Hello {name},")}</p> });
    let message = message.map(|message| {
        view! {
            <blockquote
                class="max-w-prose border-l-4 border-line pl-4 text-lg break-words whitespace-pre-line"
                data-testid="message"
            >
                {message}
            </blockquote>
        }
    });
    let library = paths::library_book(&title.slug);
    let ways_on = match standing {
        PresentStanding::AskWho => view! {
            <p class="max-w-prose">"Log in or register, so that it is kept in your library. You come straight back here."</p>
            <div class="flex flex-wrap gap-3">
                <a class="button" href=and_back("/login")>"Log in"</a>
                <a class="button button-quiet" href=and_back("/register")>"Register"</a>
            </div>
        }
        .into_any(),
        PresentStanding::Open => view! {
            <ActionForm action=accept>
                <input type="hidden" name="code" value=code />
                <button class="button" type="submit" disabled=move || accept.pending().get()>"Accept the gift"</button>
            </ActionForm>
            <p class="max-w-prose text-sm text-soft">
                "It costs you nothing, and you agree to nothing. Until you first play it, whoever gave it to you can return it."
            </p>
        }
        .into_any(),
        PresentStanding::Owned => view! {
            <p class="notice max-w-prose">
                "You have this title already. The gift stays as it is: pass its link on to somebody who would like it."
            </p>
            <a class="button w-fit" href=library>"Go to the title"</a>
        }
        .into_any(),
        PresentStanding::Yours => view! {
            <p class="notice max-w-prose">"You have accepted it, and it is in your library."</p>
            <a class="button w-fit" href=library>"Hear it"</a>
        }
        .into_any(),
        PresentStanding::Taken => view! {
            <p class="notice max-w-prose">
                "Somebody has accepted this gift already, which can be done once. If it was for you, ask who gave it to you."
            </p>
        }
        .into_any(),
    };
    view! {
        <article class="page py-10 sm:py-14">
            <h1 class="text-3xl break-words sm:text-4xl">{heading}</h1>
            <div class="mt-8 grid gap-8 md:grid-cols-[minmax(0,16rem)_minmax(0,1fr)] md:gap-12">
                <div class="mx-auto w-full max-w-56 md:max-w-none"><Cover art=&title sizes=LARGE main=true /></div>
                <div class="flex flex-col gap-6">
                    {greeting}
                    {message}
                    <div>
                        <h2 class="text-2xl">
                            <a class="hover:underline hover:underline-offset-4" href=paths::book(&title.slug)>{title.title.clone()}</a>
                        </h2>
                        <p class="mt-1 text-soft">{names(&title.authors)}</p>
                        <p class="text-sm text-soft">{length(title.duration_ms)}</p>
                    </div>
                    <FormError message=answer.refused() />
                    {ways_on}
                </div>
            </div>
        </article>
    }
}
