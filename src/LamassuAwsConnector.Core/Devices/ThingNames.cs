using System.Text.RegularExpressions;

namespace LamassuAwsConnector.Core.Devices;

internal static partial class ThingNames
{
    /// <summary>A device of another id can't be a thing.</summary>
    public static bool IsValid(string name) => Thing().IsMatch(name);

    /// <param name="name">null: the classic shadow.</param>
    public static bool IsValidShadow(string? name) => name is null || Shadow().IsMatch(name);

    // https://docs.aws.amazon.com/iot/latest/apireference/API_CreateThing.html
    [GeneratedRegex(@"^[a-zA-Z0-9:_-]{1,128}\z")]
    private static partial Regex Thing();

    // https://docs.aws.amazon.com/iot/latest/apireference/API_iotdata_GetThingShadow.html
    [GeneratedRegex(@"^[$a-zA-Z0-9:_-]{1,64}\z")]
    private static partial Regex Shadow();
}
