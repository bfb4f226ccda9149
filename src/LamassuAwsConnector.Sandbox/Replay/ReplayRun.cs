using LamassuAwsConnector.Sandbox.Replay.Facts;
using Spectre.Console;

namespace LamassuAwsConnector.Sandbox.Replay;

/// <summary>Replays a folder of recorded messages and says whether the end state is right.</summary>
internal sealed class ReplayRun(Recording recording, ConnectorIdentity identity, SandboxSettings settings, MessageClock clock, IAnsiConsole console)
{
    // Nothing that a replay waits for comes later than within the same message. A broker's pauses are seconds at least.
    private static Dictionary<string, string?> Quick(bool onBroker)
    {
        var delay = onBroker ? "00:00:01" : "00:00:00.050";
        return new()
        {
            ["event_retries:pause"] = "00:00:00.010",
            ["event_retries:delays:0"] = delay,
            ["event_retries:delays:1"] = delay,
            ["event_retries:delays:2"] = delay,
        };
    }

    /// <param name="stage">Started for the recording's connector, account and region.</param>
    /// <param name="port">Of the connector, which is started anew for each part.</param>
    /// <param name="extras">The connector's further configuration.</param>
    /// <returns>Whether every message ended well and no fact fails.</returns>
    public async Task<bool> PlayAsync(Stage stage, int port, IReadOnlyDictionary<string, string?> extras, CancellationToken cancellationToken)
    {
        var isRight = true;
        var outcomes = new List<string>();
        var facts = new List<Fact>();
        foreach (var part in recording.Parts)
        {
            var (delivered, checkedFacts) = await PlayAsync(stage, port, extras, part, cancellationToken);
            outcomes.AddRange(delivered.Select(message => message.End.Outcome));
            facts.AddRange(checkedFacts);
            isRight &= delivered.All(message => message.IsRight) && checkedFacts.All(fact => fact.IsRight);
        }

        Summarise(outcomes, facts, isRight);
        return isRight;
    }

    private async Task<(IReadOnlyList<Delivered> Delivered, IReadOnlyList<Fact> Facts)> PlayAsync(
        Stage stage, int port, IReadOnlyDictionary<string, string?> extras, ReplayPart part, CancellationToken cancellationToken)
    {
        console.MarkupLineInterpolated($"\n[bold]{part.Name}[/]");
        stage.StandIns.Lamassu.State.Clear();
        await stage.StandIns.AwsControl.ResetAsync(cancellationToken);
        await stage.StandIns.AwsControl.ApplyAsync(settings, cancellationToken);
        clock.Now = null;
        await stage.StartConnectorAsync(port, new Dictionary<string, string?>(Quick(stage.Bus.Broker is not null).Concat(extras)), cancellationToken);
        using var player = new ReplayPlayer(stage, identity.ConnectorId, clock);
        if (part.StartsFrom == StartingPoint.StoryCAs)
        {
            await player.StartFromStoryCAsAsync(recording.Story, cancellationToken);
        }

        var delivered = await player.PlayAsync(part.Messages, settings.ChangesFirst, Tell, cancellationToken);
        var facts = await player.CheckAsync(cancellationToken);
        foreach (var fact in facts.Where(fact => fact.State != FactState.Holds))
        {
            var colour = fact.IsRight ? "yellow" : "red";
            console.MarkupLine($"   [{colour}]{Markup.Escape(fact.ToString())}[/]");
        }

        return (delivered, facts);
    }

    private void Tell(Delivered delivered)
    {
        var (message, end) = (delivered.Message, delivered.End);
        var outcome = end.Code is null ? end.Outcome : $"{end.Outcome} ({end.Code})";
        console.MarkupLine(
            $"   [grey]{message.Time:HH:mm:ss.fff}[/] {Markup.Escape(message.Type ?? message.RoutingKey),-28} {Markup.Escape(message.Subject ?? "")} "
                + (delivered.IsRight ? $"[green]{outcome}[/]" : $"[red]{outcome}[/]") + (end.Reason is null ? "" : $" [grey]{Markup.Escape(end.Reason)}[/]"));
    }

    private void Summarise(List<string> outcomes, List<Fact> facts, bool isRight)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("what", "count");
        foreach (var outcome in outcomes.CountBy(outcome => outcome).OrderBy(outcome => outcome.Key, StringComparer.Ordinal))
        {
            table.AddRow($"messages {outcome.Key}", $"{outcome.Value}");
        }

        foreach (var state in facts.CountBy(fact => fact.State).OrderBy(state => state.Key))
        {
            table.AddRow($"facts: {state.Key.ToString().ToLowerInvariant()}", $"{state.Value}");
        }

        console.WriteLine();
        console.Write(table);
        console.MarkupLine(isRight ? "[green]The end state is right.[/]" : "[red]The end state is NOT right.[/]");
    }
}
