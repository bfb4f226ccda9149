using System.Text.Json.Nodes;
using Amazon.IoT;
using Spectre.Console;

namespace LamassuAwsConnector.Sandbox.Story;

/// <summary>Prints each step, what reached AWS by it, and whether it left the state that it should.</summary>
internal sealed class Storyteller(Stage stage, IAnsiConsole console)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private int steps;
    private int wrong;

    public bool IsRight => wrong == 0;

    public async Task StepAsync(string title, Func<Task> act, CancellationToken cancellationToken)
    {
        await stage.StandIns.AwsControl.ForgetCallsAsync(cancellationToken);
        console.MarkupLineInterpolated($"\n[bold]{++steps}. {title}[/]");
        await act();
        await WhenQuietAsync(cancellationToken);
        var calls = await stage.StandIns.AwsControl.CallsAsync(cancellationToken);
        foreach (var call in calls)
        {
            console.MarkupLineInterpolated($"   [grey]AWS[/] {call.Operation,-28} {call.Status} {call.Error}[grey]{call.DurationMilliseconds,8:F1} ms[/]");
        }

        if (calls.Count == 0)
        {
            console.MarkupLine("   [grey]AWS was not called[/]");
        }
    }

    // A failure that is tried again for hours must not keep the story waiting.
    private async Task WhenQuietAsync(CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            await stage.WhenQuietAsync(patience.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            Expect($"everything came to rest within {Patience.TotalSeconds} s", holds: false);
        }
    }

    public void Say(string what) => console.MarkupLineInterpolated($"   {what}");

    /// <summary>What AWS does not have does not hold.</summary>
    public async Task ExpectAsync(string what, Func<Task<bool>> holds)
    {
        try
        {
            Expect(what, await holds());
        }
        catch (AmazonIoTException exception)
        {
            Expect($"{what} ({exception.Message})", holds: false);
        }
    }

    public void Expect(string what, bool holds)
    {
        if (!holds)
        {
            wrong++;
        }

        console.MarkupLineInterpolated(holds ? (FormattableString)$"   [green]ok[/]    {what}" : $"   [red]WRONG[/] {what}");
    }

    public void Show(string title, IEnumerable<string> columns, IEnumerable<IEnumerable<string>> rows)
    {
        console.MarkupLineInterpolated($"\n[bold]{title}[/]");
        var table = new Table().Border(TableBorder.Simple);
        table.AddColumns([.. columns.Select(column => new TableColumn(column))]);
        foreach (var row in rows)
        {
            table.AddRow([.. row.Select(cell => new Markup(Markup.Escape(cell)))]);
        }

        console.Write(table);
    }

    public void Show(string title, IEnumerable<(string Name, JsonObject? Value)> values)
    {
        console.MarkupLineInterpolated($"\n[bold]{title}[/]");
        foreach (var (name, value) in values)
        {
            console.MarkupLineInterpolated($"   {name}");
            console.Profile.Out.Writer.WriteLine($"      {value?.ToJsonString() ?? "nothing"}");
        }
    }
}
