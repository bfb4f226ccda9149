using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace LamassuAwsConnector.Tests.Infrastructure;

/// <param name="Level">None: no line, but what a scope holds.</param>
internal sealed record LogLine(string Category, LogLevel Level, string Text, Exception? Exception);

/// <summary>All that is logged, of every level that is on.</summary>
internal sealed class RecordedLog : ILoggerProvider
{
    private readonly ConcurrentQueue<LogLine> lines = new();

    /// <summary>What scopes hold are lines too.</summary>
    public IReadOnlyList<LogLine> All => [.. lines];

    public IReadOnlyList<LogLine> OfPipeline() =>
        [.. lines.Where(line => line.Level != LogLevel.None && line.Category.EndsWith(".EventPipeline", StringComparison.Ordinal))];

    public ILogger CreateLogger(string categoryName) => new Logger(categoryName, lines);

    public void Dispose()
    {
    }

    private sealed class Logger(string category, ConcurrentQueue<LogLine> lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
        {
            var text = state is IEnumerable<KeyValuePair<string, object?>> members ? string.Join(", ", members) : state.ToString();
            lines.Enqueue(new LogLine(category, LogLevel.None, text ?? "", Exception: null));
            return null;
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Enqueue(new LogLine(category, logLevel, formatter(state, exception), exception));
    }
}
