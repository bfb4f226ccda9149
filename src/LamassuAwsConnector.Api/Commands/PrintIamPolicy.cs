using System.Text.Json;
using LamassuAwsConnector.Api.Configuration;
using LamassuAwsConnector.Core;
using LamassuAwsConnector.Core.Aws;

namespace LamassuAwsConnector.Api.Commands;

/// <summary><c>--print-iam-policy</c>: what <c>GET /v1/iam/policy</c> answers, before there are credentials. Of the configuration, the region has to be there.</summary>
internal static class PrintIamPolicy
{
    public const string Switch = "--print-iam-policy";

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <param name="args">Without the switch.</param>
    /// <param name="output">Gets the policies as JSON.</param>
    public static async Task<int> RunAsync(string[] args, TextWriter output)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.Configuration.AddConnectorConfiguration(args, settings: null);

        // Nothing but the policy on standard output: it is for a file or a pipe.
        builder.Logging.ClearProviders();
        builder.Services.AddConnectorCore();
        await using var app = builder.Build();
        var policies = await app.Services.GetRequiredService<IamPolicies>().DescribeAsync(CancellationToken.None);
        await output.WriteLineAsync(JsonSerializer.Serialize(policies, Indented));
        return 0;
    }
}
