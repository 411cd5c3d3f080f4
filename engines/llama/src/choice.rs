//! Which token comes next.

use engine_protocol::{Generate, Penalties};
use llama_cpp_2::GrammarError;
use llama_cpp_2::context::LlamaContext;
use llama_cpp_2::model::LlamaModel;
use llama_cpp_2::sampling::LlamaSampler;
use llama_cpp_2::token::LlamaToken;
use llama_cpp_2::token::data::LlamaTokenData;
use llama_cpp_2::token::data_array::LlamaTokenDataArray;

use crate::Failure;

/// llama.cpp's own choice for sampling with a temperature.
const TOP_K: i32 = 40;
const TOP_P: f32 = 0.95;
const MIN_P: f32 = 0.05;

/// How the tokens of one answer are chosen.
pub struct Choice {
    grammar: Option<LlamaSampler>,
    chain: LlamaSampler,
}

impl Choice {
    /// As a request asks for.
    pub fn new(model: &LlamaModel, request: &Generate) -> Result<Self, Failure> {
        if request.max_tokens == 0 {
            return Err(Failure::bad_input("an answer of no tokens is asked for"));
        }
        if !request.temperature.is_finite() || request.temperature < 0.0 {
            return Err(Failure::bad_input(format!("{} is no temperature", request.temperature)));
        }
        let grammar = request
            .grammar
            .as_ref()
            .map(|grammar| LlamaSampler::grammar(model, grammar, "root"))
            .transpose()
            .map_err(|error| Failure::bad_input(format!("the grammar cannot be used: {}", reason(&error))))?;
        let mut chain = Vec::new();
        if let Some(penalties) = &request.penalties {
            chain.push(held_against(model, penalties)?);
        }
        if request.temperature > 0.0 {
            chain.push(LlamaSampler::top_k(TOP_K));
            chain.push(LlamaSampler::top_p(TOP_P, 1));
            chain.push(LlamaSampler::min_p(MIN_P, 1));
            chain.push(LlamaSampler::temp(request.temperature));
            chain.push(LlamaSampler::dist(request.seed));
        } else {
            chain.push(LlamaSampler::greedy());
        }
        Ok(Self { grammar, chain: LlamaSampler::chain(chain, true) })
    }

    /// The token after the one at this place of the last batch. Most tokens that a model would choose freely are allowed, and
    /// to ask the grammar about one takes far less time than about every token that there is: that is done only when it
    /// forbids the free choice.
    pub fn next(&mut self, context: &LlamaContext<'_>, at: i32) -> Result<LlamaToken, Failure> {
        let Some(grammar) = &mut self.grammar else {
            // Accepts the token as well.
            return Ok(self.chain.sample(context, at));
        };
        let mut all = context.token_data_array_ith(at);
        let free = all.clone().with_sampler(&mut self.chain).selected_token();
        let token = free.filter(|token| allows(grammar, *token)).or_else(|| {
            all.apply_sampler(grammar);
            // Whatever is chosen among tokens that are all forbidden, the grammar does not survive it.
            all.data.iter().find(|data| data.logit().is_finite())?;
            all.apply_sampler(&mut self.chain);
            all.selected_token()
        });
        let token = token.ok_or_else(|| Failure::internal("the grammar leaves nothing to say"))?;
        grammar.accept(token);
        self.chain.accept(token);
        Ok(token)
    }
}

fn allows(grammar: &mut LlamaSampler, token: LlamaToken) -> bool {
    let mut one = LlamaTokenDataArray::new(vec![LlamaTokenData::new(token, 1.0, 0.0)], false);
    one.apply_sampler(grammar);
    one.data.first().is_some_and(|data| data.logit().is_finite())
}

fn held_against(model: &LlamaModel, penalties: &Penalties) -> Result<LlamaSampler, Failure> {
    let Penalties { window, repeat, frequency } = *penalties;
    if !repeat.is_finite() || repeat <= 0.0 || !frequency.is_finite() {
        return Err(Failure::bad_input(format!("{repeat} and {frequency} are no penalties")));
    }
    let window = i32::try_from(window).unwrap_or(i32::MAX);
    Ok(LlamaSampler::penalties(model.n_vocab(), window, repeat, frequency, 0.0))
}

/// llama.cpp says where a grammar is wrong on standard error only.
fn reason(error: &GrammarError) -> &'static str {
    match error {
        GrammarError::RootNotFound => "it has no rule \"root\"",
        GrammarError::TriggerWordNullBytes | GrammarError::GrammarNullBytes => "it holds a null character",
        GrammarError::NullGrammar => "it cannot be parsed, or a rule begins with itself",
    }
}
