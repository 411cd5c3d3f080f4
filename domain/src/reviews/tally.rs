//! The numbers on a title. They change in the transaction in which a review does, by the one function here, so that no page
//! counts reviews.

use super::Breakdown;
use crate::catalog::Rating;
use crate::entities::{audiobooks, reviews};
use crate::{Result, Tx};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};

/// The order "best rated" adds as many ratings of [`USUAL`] to each title, so that one friend of the author does not lift
/// it above what hundreds liked.
const ADDED: i64 = 5;
/// Thousandths of a star.
const USUAL: i64 = 3500;

/// Takes a review out of the numbers of its title as it stood, and puts it in as it stands now. One that is hidden, or not
/// there, counts nothing. `title` is locked, so that two such changes follow each other.
///
/// # Errors
/// From the database.
pub(super) async fn change(
    tx: &Tx,
    title: &audiobooks::Model,
    before: Option<&reviews::Model>,
    after: Option<&reviews::Model>,
) -> Result<()> {
    let mut sums = Sums::of(title);
    if let Some(review) = before.filter(|review| !review.hidden) {
        sums.add(review, -1);
    }
    if let Some(review) = after.filter(|review| !review.hidden) {
        sums.add(review, 1);
    }
    let [one, two, three, four, five] = sums.stars;
    let numbers = audiobooks::ActiveModel {
        rating_count: Set(sums.count),
        rating_mean: Set(sums.mean()),
        rating_rank: Set(sums.rank()),
        story_sum: Set(sums.story),
        performance_sum: Set(sums.performance),
        stars_one: Set(one),
        stars_two: Set(two),
        stars_three: Set(three),
        stars_four: Set(four),
        stars_five: Set(five),
        ..Default::default()
    };
    audiobooks::Entity::update_many().set(numbers).filter(audiobooks::Column::Id.eq(title.id)).exec(tx).await?;
    Ok(())
}

/// How a title was rated; nothing while nobody did.
pub(super) fn breakdown(title: &audiobooks::Model) -> Option<Breakdown> {
    let all = Rating::kept(title.rating_count, title.rating_mean)?;
    let mean = |sum: i32| u32::try_from(rounded(i64::from(sum) * 100, title.rating_count.into())).unwrap_or_default();
    Some(Breakdown {
        all,
        story: mean(title.story_sum),
        performance: mean(title.performance_sum),
        stars: Sums::of(title).stars.map(|count| u32::try_from(count).unwrap_or_default()),
    })
}

/// The numbers of a title.
struct Sums {
    count: i32,
    story: i32,
    performance: i32,
    stars: [i32; 5],
}

impl Sums {
    fn of(title: &audiobooks::Model) -> Self {
        Self {
            count: title.rating_count,
            story: title.story_sum,
            performance: title.performance_sum,
            stars: [title.stars_one, title.stars_two, title.stars_three, title.stars_four, title.stars_five],
        }
    }

    fn add(&mut self, review: &reviews::Model, times: i32) {
        self.count += times;
        self.story += times * review.story;
        self.performance += times * review.performance;
        let stars = usize::try_from((review.story + review.performance + 1) / 2).unwrap_or_default();
        if let Some(count) = stars.checked_sub(1).and_then(|place| self.stars.get_mut(place)) {
            *count += times;
        }
    }

    /// In hundredths of a star; 0 without any.
    fn mean(&self) -> i32 {
        self.of_each(100, 0, 0)
    }

    /// In thousandths of a star; 0 without any.
    fn rank(&self) -> i32 {
        self.of_each(1000, ADDED, USUAL)
    }

    fn of_each(&self, parts: i64, added: i64, usual: i64) -> i32 {
        if self.count <= 0 {
            return 0;
        }
        let sum = (i64::from(self.story) + i64::from(self.performance)) * parts + 2 * added * usual;
        i32::try_from(rounded(sum, 2 * (i64::from(self.count) + added))).unwrap_or(i32::MAX)
    }
}

fn rounded(sum: i64, count: i64) -> i64 {
    if count <= 0 { 0 } else { (2 * sum + count) / (2 * count) }
}
