using System.Text.Json.Nodes;

namespace LamassuAwsConnector.Sandbox.Lamassu;

/// <summary>An error of Lamassu's own. The route decides by its exact text which status it becomes; a text that it does not know is a 500.</summary>
/// <param name="text">The text of <c>err</c>.</param>
/// <param name="driverError">What the Device Manager serialises in place of a text when the error is the database's.</param>
internal sealed class LamassuException(string text, JsonObject? driverError = null) : Exception(text)
{
    public JsonObject? DriverError => driverError;

    public static LamassuException Invalid() => new("struct validation error");
}

/// <summary>A handler of Lamassu that crashes: nothing recovers it, and the caller gets no answer.</summary>
internal sealed class CrashException(string text) : Exception(text);
