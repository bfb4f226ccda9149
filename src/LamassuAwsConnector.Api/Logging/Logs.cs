using LamassuAwsConnector.Core.Configuration;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.Logging.Console;

namespace LamassuAwsConnector.Api.Logging;

internal static class Logs
{
    private const string Level = "Logging:LogLevel:";

    /// <summary>
    /// Log lines on stdout at the level of <c>logs.level</c>. The framework's own keys (<c>Logging:LogLevel:…</c>) go before it, category by category.
    /// </summary>
    public static void AddLogs(this WebApplicationBuilder builder)
    {
        builder.Services.AddCheckedOptions<LogsOptions>(LogsOptions.SectionName);
        var options = builder.Configuration.GetSection(LogsOptions.SectionName).Get<LogsOptions>() ?? new LogsOptions();
        ((IConfigurationBuilder)builder.Configuration).Sources.Insert(0, new MemoryConfigurationSource { InitialData = Levels(options.Level) });

        builder.Logging.ClearProviders();
        builder.Logging.AddConsoleFormatter<JsonLineFormatter, ConsoleFormatterOptions>();
        builder.Logging.AddSimpleConsole(text =>
        {
            text.SingleLine = true;
            text.TimestampFormat = "HH:mm:ss ";
        });
        var formatter = options.Format == LogsOptions.Text ? ConsoleFormatterNames.Simple : JsonLineFormatter.FormatterName;
        builder.Logging.AddConsole(console => console.FormatterName = formatter);
    }

    // What the framework says is for debugging, one step behind ours. The HTTP client would print headers at trace, Polly and MassTransit each attempt with its
    // stack, and the health service each look at what is not well, of which ours say the beginning and the end.
    private static Dictionary<string, string?> Levels(string level)
    {
        var (ours, others, calls) = level switch
        {
            "none" => ("None", "None", "None"),
            "error" => ("Error", "Error", "Error"),
            "warning" => ("Warning", "Warning", "Error"),
            "debug" => ("Debug", "Information", "Warning"),
            "trace" => ("Trace", "Debug", "Information"),
            _ => ("Information", "Warning", "Error"),
        };
        return new Dictionary<string, string?>
        {
            [$"{Level}Default"] = others,
            [$"{Level}LamassuAwsConnector"] = ours,
            [$"{Level}Microsoft.Hosting.Lifetime"] = ours,
            [$"{Level}System.Net.Http"] = calls,
            [$"{Level}Polly"] = calls,
            [$"{Level}MassTransit"] = calls,
            [$"{Level}Microsoft.Extensions.Diagnostics.HealthChecks"] = level is "debug" or "trace" ? calls : "None",
        };
    }
}
