using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace LamassuAwsConnector.Tests.Security;

/// <summary>Everything that is logged, at every level and in every category, with scopes, fields and exceptions to their last cause.</summary>
internal sealed class LogLines : ILoggerProvider, ISupportExternalScope
{
    /// <summary>The levels that let everything through.</summary>
    public static readonly (string Key, string? Value)[] Settings =
    [
        ("logs:level", "trace"),
        ("Logging:LogLevel:Default", "Trace"),
        ("Logging:LogLevel:LamassuAwsConnector", "Trace"),
        ("Logging:LogLevel:Microsoft", "Trace"),
        ("Logging:LogLevel:Microsoft.AspNetCore", "Trace"),
        ("Logging:LogLevel:Microsoft.Hosting.Lifetime", "Trace"),
        ("Logging:LogLevel:System", "Trace"),
        ("Logging:LogLevel:System.Net.Http", "Trace"),
        ("Logging:LogLevel:Polly", "Trace"),
        ("Logging:LogLevel:MassTransit", "Trace"),
        ("Logging:LogLevel:Microsoft.Extensions.Diagnostics.HealthChecks", "Trace"),
    ];

    private readonly ConcurrentQueue<string> lines = new();
    private IExternalScopeProvider scopes = new LoggerExternalScopeProvider();

    public IReadOnlyCollection<string> All => lines;

    /// <summary>Takes the log of a connector, in place of the console.</summary>
    public void Capture(IServiceCollection services) => services.AddLogging(logging => logging.ClearProviders().AddProvider(this));

    public ILogger CreateLogger(string categoryName) => new Lines(this, categoryName);

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => scopes = scopeProvider;

    public void Dispose()
    {
        // The lines outlive the connector.
    }

    private sealed class Lines(LogLines owner, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => owner.scopes.Push(state);

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var fields = state is IEnumerable<KeyValuePair<string, object?>> pairs
                ? string.Join(' ', pairs.Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Key}={pair.Value}")))
                : "";
            var scope = new List<string>();
            owner.scopes.ForEachScope((value, list) => list.Add(Text(value)), scope);
            owner.lines.Enqueue($"{logLevel} {category}[{eventId.Id}] {formatter(state, exception)} | {fields} | {string.Join(' ', scope)} | {exception}");
        }

        private static string Text(object? scope) =>
            scope is IEnumerable<KeyValuePair<string, object?>> pairs ? string.Join(' ', pairs.Select(pair => $"{pair.Key}={pair.Value}")) : $"{scope}";
    }
}
