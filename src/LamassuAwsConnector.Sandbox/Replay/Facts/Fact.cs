namespace LamassuAwsConnector.Sandbox.Replay.Facts;

/// <summary>One of the seven facts, looked at for one object.</summary>
/// <param name="Number">Of the fact.</param>
/// <param name="NotHandled">For an open fact: the types of events that would have decided it, and that the connector does not handle.</param>
internal sealed record Fact(int Number, string Subject, FactState State, string Is, string ShouldBe, IReadOnlyList<string> NotHandled)
{
    public bool IsRight => State == FactState.Holds;

    public static Fact Holds(int number, string subject, string shouldBe) => new(number, subject, FactState.Holds, shouldBe, shouldBe, []);

    /// <summary>A fact that does not hold. It is open where an event that decides over it is of a type that the connector does not handle.</summary>
    public static Fact Broken(int number, string subject, string isNow, string shouldBe, IEnumerable<string> notHandled)
    {
        var types = notHandled.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        return new Fact(number, subject, types.Count == 0 ? FactState.Fails : FactState.Open, isNow, shouldBe, types);
    }

    public static Fact Check(int number, string subject, bool holds, string isNow, string shouldBe, Func<IEnumerable<string>> notHandled) =>
        holds ? Holds(number, subject, shouldBe) : Broken(number, subject, isNow, shouldBe, notHandled());

    public override string ToString() => State switch
    {
        FactState.Holds => $"fact {Number}, {Subject}: {ShouldBe}",
        FactState.Open => $"fact {Number}, {Subject}: is {Is}; should be {ShouldBe} (open: {string.Join(", ", NotHandled)} not handled)",
        _ => $"fact {Number}, {Subject}: is {Is}; should be {ShouldBe}",
    };
}

internal enum FactState
{
    Holds,
    Fails,
    Open,
}
