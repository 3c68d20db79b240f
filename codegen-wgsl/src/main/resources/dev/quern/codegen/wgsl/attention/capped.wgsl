// gives: cap
// Scores that come near to CAP and never go beyond. From 15 on the hyperbolic tangent is 1 in single precision; of more, some drivers
// make no number.
fn capped(score: Score) -> Score {
    return CAP * tanh(clamp(score / CAP, Score(-15.0), Score(15.0)));
}
