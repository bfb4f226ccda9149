using LamassuAwsConnector.Core;
using Microsoft.Extensions.Options;

namespace LamassuAwsConnector.Api.Commands;

/// <summary>A configuration that can't be used, or the wrong account: said in full, without a stack trace.</summary>
internal static class StartFailure
{
    public static bool IsOne(Exception exception) => exception is OptionsValidationException or InvalidDataException or ConnectorException;

    public static async Task WriteAsync(Exception exception, TextWriter errors)
    {
        await errors.WriteLineAsync("The connector does not start:");
        var reasons = (exception as OptionsValidationException)?.Failures ?? [exception.Message];
        foreach (var reason in reasons)
        {
            await errors.WriteLineAsync($"- {reason}");
        }
    }
}
