using LamassuAwsConnector.Api.Configuration;

namespace LamassuAwsConnector.Api.Commands;

/// <summary><c>--check-config</c>: shows the configuration in effect and all that is wrong with it. Starts nothing, calls nothing.</summary>
internal static class CheckConfig
{
    public const string Switch = "--check-config";

    /// <param name="args">Without the switch.</param>
    /// <param name="output">Gets the configuration as YAML.</param>
    /// <param name="errors">Gets what is wrong.</param>
    /// <returns>The exit code: 0 when the connector would start.</returns>
    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter errors)
    {
        try
        {
            using var configuration = new ConfigurationManager();
            var written = configuration.AddConnectorConfiguration(args, settings: null);
            EffectiveConfiguration.Write(output, configuration, written);
            foreach (var warning in written.Warnings.Concat(written.Notices))
            {
                await errors.WriteLineAsync($"Warning: {warning}");
            }

            await using var app = ConnectorApplication.Build(args);
            await errors.WriteLineAsync("The configuration is valid.");
            return 0;
        }
        catch (Exception exception) when (StartFailure.IsOne(exception))
        {
            await StartFailure.WriteAsync(exception, errors);
            return 1;
        }
    }
}
