//! The shop's things in the words of schema.org. A journey in a browser looks every word up in its vocabulary.

use super::tags::whole;
use super::text::iso_length;
use crate::paths;
use domain::catalog::{AudiobookDetail, AudiobookSummary, Collection, Link, Status, stars};
use domain::reviews::Review;
use serde_json::{Value, json};

const CONTEXT: &str = "https://schema.org";

/// The shop itself, with how to search it.
pub fn shop(name: &str) -> Value {
    json!({
        "@context": CONTEXT,
        "@type": "WebSite",
        "name": name,
        "url": whole("/"),
        "potentialAction": {
            "@type": "SearchAction",
            "target": { "@type": "EntryPoint", "urlTemplate": format!("{}?q={{search_term_string}}", whole("/browse")) },
            "query-input": "required name=search_term_string",
        },
    })
}

/// A title as an audiobook and a product.
pub fn audiobook(detail: &AudiobookDetail, reviews: &[Review]) -> Value {
    let summary = &detail.summary;
    let address = whole(&paths::book(&summary.slug));
    let available = if summary.sold_out() || detail.status != Status::Published { "SoldOut" } else { "InStock" };
    let mut data = json!({
        "@context": CONTEXT,
        "@type": ["Audiobook", "Product"],
        "@id": address,
        "name": summary.title,
        "url": address,
        "image": whole(&paths::shared_cover(summary)),
        "description": detail.description,
        "author": people(&summary.authors),
        "readBy": people(&summary.narrators),
        "inLanguage": summary.language,
        "duration": iso_length(summary.duration_ms),
        "bookFormat": "https://schema.org/AudiobookFormat",
        "genre": summary.categories.iter().map(|category| category.name.as_str()).collect::<Vec<_>>(),
        "offers": {
            "@type": "Offer",
            "url": address,
            "price": summary.price.now.decimal(),
            "priceCurrency": summary.price.now.currency.code(),
            "availability": format!("https://schema.org/{available}"),
        },
    });
    if let Some(rating) = summary.rating {
        data["aggregateRating"] =
            json!({ "@type": "AggregateRating", "ratingValue": rating.stars(), "ratingCount": rating.count });
    }
    if !reviews.is_empty() {
        data["review"] = reviews.iter().map(review).collect();
    }
    if let Some(subtitle) = &summary.subtitle {
        data["alternativeHeadline"] = json!(subtitle);
    }
    if let Some(published) = summary.published_at {
        data["datePublished"] = json!(published.rfc3339());
    }
    if let Some(place) = &summary.series {
        let address = whole(&paths::series(&place.series.slug));
        data["isPartOf"] = json!({ "@type": "BookSeries", "name": place.series.name, "url": address });
        if let Some(position) = place.position {
            data["position"] = json!(position);
        }
    }
    if let Some(sample) = &detail.sample {
        data["audio"] = json!({
            "@type": "AudioObject",
            "name": format!("Sample of {}", summary.title),
            "contentUrl": whole(&paths::sample(&summary.slug, sample.version)),
            "duration": iso_length(sample.end_ms - sample.start_ms),
        });
    }
    data
}

/// Where a title stands in the shop: home, its category, itself.
pub fn breadcrumbs(summary: &AudiobookSummary) -> Value {
    let mut steps = vec![("Audiobooks".to_owned(), whole("/browse"))];
    if let Some(category) = summary.categories.first() {
        steps.push((category.name.clone(), whole(&paths::category(&category.slug))));
    }
    steps.push((summary.title.clone(), whole(&paths::book(&summary.slug))));
    let steps = steps.into_iter().enumerate().map(|(before, (name, address))| {
        json!({ "@type": "ListItem", "position": before + 1, "name": name, "item": address })
    });
    json!({ "@context": CONTEXT, "@type": "BreadcrumbList", "itemListElement": steps.collect::<Vec<_>>() })
}

/// An author or narrator.
pub fn person(person: &Collection, path: &str) -> Value {
    let mut data = json!({ "@context": CONTEXT, "@type": "Person", "name": person.name, "url": whole(path) });
    if !person.about.is_empty() {
        data["description"] = json!(person.about);
    }
    data
}

/// A series with its titles.
pub fn series(series: &Collection, path: &str) -> Value {
    let parts = series.titles.iter().map(|title| {
        let address = whole(&paths::book(&title.slug));
        let mut part = json!({ "@type": "Audiobook", "name": title.title, "url": address });
        if let Some(position) = title.series.as_ref().and_then(|place| place.position) {
            part["position"] = json!(position);
        }
        part
    });
    let parts: Vec<Value> = parts.collect();
    let mut data = json!({ "@context": CONTEXT, "@type": "BookSeries", "name": series.name, "url": whole(path) });
    data["hasPart"] = json!(parts);
    if !series.about.is_empty() {
        data["description"] = json!(series.about);
    }
    data
}

fn review(review: &Review) -> Value {
    let by = review.by.as_deref().unwrap_or("A listener");
    json!({
        "@type": "Review",
        "author": { "@type": "Person", "name": by },
        "datePublished": review.at.rfc3339(),
        "reviewBody": review.text,
        "reviewRating": { "@type": "Rating", "ratingValue": stars(review.hundredths()), "bestRating": 5 },
    })
}

fn people(links: &[Link]) -> Vec<Value> {
    let person = |link: &Link| {
        let address = whole(&paths::contributor(&link.slug));
        json!({ "@type": "Person", "name": link.name, "url": address })
    };
    links.iter().map(person).collect()
}
