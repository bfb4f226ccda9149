using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using LamassuAwsConnector.Sandbox.Lamassu;
using LamassuAwsConnector.Tests.Builders;
using LamassuAwsConnector.Tests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace LamassuAwsConnector.Tests.Telemetry;

/// <summary>What a person reads at night when an event fails.</summary>
public sealed class FailureLinesTests
{
    private const string CA = "ca-1";
    private const string Dms = "dms-1";
    private const string Device = "meter-1";

    [Fact]
    public async Task A_foreseen_failure_is_a_line_that_says_what_happens_next_without_a_stack_trace()
    {
        using var log = new Lines();
        await using var stage = await StageAsync(log);
        await stage.FailAwsAsync("RegisterThing", 100, "ConflictingResourceUpdateException", 409);

        await stage.PublishBindAsync(Device, stage.CurrentSerial(Device));

        var lines = log.OfPipeline();
        Assert.Equal(4, lines.Count);
        Assert.All(lines, line => Assert.Null(line.Exception));
        Assert.Matches(
            "^Event dms.bind-device-id for device/meter-1 failed: AWS answered ConflictingResourceUpdateException to RegisterThing for thing meter-1. "
            + @"\(unavailable ConflictingResourceUpdateException from aws, delivery 1, AWS request id [0-9a-f-]{36}\)\. It is delivered again in 00:00:00\.01",
            lines[0].Text);
        Assert.Equal((LogLevel.Warning, LogLevel.Error), (lines[0].Level, lines[3].Level));
        Assert.Contains("is given up", lines[3].Text, StringComparison.Ordinal);
        Assert.Contains("delivery 4", lines[3].Text, StringComparison.Ordinal);
        Assert.EndsWith("It is in the dead letters", lines[3].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_nobody_foresaw_has_its_stack_trace()
    {
        using var log = new Lines();
        await using var stage = await StageAsync(log);
        await stage.FailAwsAsync("RegisterThing", 100, "NeverHeardOfException", 400);

        await stage.PublishBindAsync(Device, stage.CurrentSerial(Device));

        Assert.All(log.OfPipeline(), line => Assert.NotNull(line.Exception));
    }

    private static async Task<TestStage> StageAsync(Lines log)
    {
        var stage = await TestStage.StartAsync(
            Door.Http, services => services.RemoveAll<ILoggerProvider>().AddSingleton<ILoggerProvider>(log), ("logs:level", "warning"));
        await stage.Lamassu.CreateCAAsync(CA);
        using var registered = await stage.PostAsync(
            $"/v1/cas/{CA}/register-aws", new JsonObject { ["connector_id"] = TestStage.ConnectorId, ["primary_account"] = true });
        Assert.True(registered.IsSuccessStatusCode);
        await stage.Lamassu.CreateDmsAsync(Dms, CA, LamassuJson.AutoDms(LamassuJson.Lamassu3Key));
        await stage.Lamassu.EnrollAsync(Dms, Device);
        Assert.NotNull(stage.State.Find(LamassuKind.Device, Device));
        return stage;
    }

    private sealed record Line(string Category, LogLevel Level, string Text, Exception? Exception);

    private sealed class Lines : ILoggerProvider
    {
        private readonly ConcurrentQueue<Line> lines = new();

        public IReadOnlyList<Line> OfPipeline() => [.. lines.Where(line => line.Category.EndsWith(".EventPipeline", StringComparison.Ordinal))];

        public ILogger CreateLogger(string categoryName) => new Logger(categoryName, lines);

        public void Dispose()
        {
        }
    }

    private sealed class Logger(string category, ConcurrentQueue<Line> lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Enqueue(new Line(category, logLevel, formatter(state, exception), exception));
    }
}
