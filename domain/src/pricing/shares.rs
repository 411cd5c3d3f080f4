//! Parts of amounts, rounded so that nothing is lost.

/// So many hundredths of an amount, half a minor unit upwards.
pub(crate) fn hundredths(minor: i64, percent: i64) -> i64 {
    let part = (i128::from(minor) * i128::from(percent) + 50).div_euclid(100);
    i64::try_from(part).unwrap_or(i64::MAX)
}

/// Splits `whole` in proportion to `prices`, none of which is negative and whose sum is at least `whole`: the shares add up
/// to it exactly, and none is more than its price. What rounding leaves over goes to those who lost most by it, the first
/// before the later (the method of the largest remainder).
pub(crate) fn split(whole: i64, prices: &[i64]) -> Vec<i64> {
    let sum: i128 = prices.iter().map(|price| i128::from(*price)).sum();
    if sum == 0 {
        return vec![0; prices.len()];
    }
    let exact = prices.iter().map(|price| i128::from(whole) * i128::from(*price));
    let (mut shares, mut remainders): (Vec<i128>, Vec<(usize, i128)>) =
        exact.enumerate().map(|(n, exact)| (exact / sum, (n, exact % sum))).unzip();
    remainders.sort_by_key(|(n, remainder)| (std::cmp::Reverse(*remainder), *n));
    let left = i128::from(whole) - shares.iter().sum::<i128>();
    for (n, _) in remainders.into_iter().take(usize::try_from(left).unwrap_or(0)) {
        shares[n] += 1;
    }
    shares.into_iter().map(|share| i64::try_from(share).unwrap_or(0)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentage_is_rounded_to_the_nearest_cent() {
        for (minor, percent, part) in [(1290, 20, 258), (999, 10, 100), (995, 10, 100), (994, 10, 99), (1, 50, 1)] {
            assert_eq!(hundredths(minor, percent), part, "{percent} % of {minor}");
        }
    }

    #[test]
    fn what_rounding_leaves_over_goes_to_those_who_lost_most() {
        assert_eq!(split(100, &[1, 1, 1].map(|n| n * 100)), [34, 33, 33]);
        assert_eq!(split(5, &[999, 1]), [5, 0]);
        assert_eq!(split(0, &[500, 0]), [0, 0]);
        assert_eq!(split(0, &[]), [0; 0]);
        assert_eq!(split(7, &[0, 7]), [0, 7]);
    }

    proptest::proptest! {
        #[test]
        fn shares_add_up_and_none_is_more_than_its_price(prices in proptest::collection::vec(0_i64..100_000, 1..30), part in 0_i64..=100) {
            let whole = hundredths(prices.iter().sum(), part);
            let shares = split(whole, &prices);
            proptest::prop_assert_eq!(shares.iter().sum::<i64>(), whole);
            proptest::prop_assert!(shares.iter().zip(&prices).all(|(share, price)| (0..=*price).contains(share)));
        }
    }
}
