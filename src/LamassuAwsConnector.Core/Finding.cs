namespace LamassuAwsConnector.Core;

/// <summary>Something that is not as it should be, in words for a person.</summary>
/// <param name="Code">A stable word.</param>
/// <param name="Message">What is wrong.</param>
/// <param name="Action">What to do about it.</param>
public sealed record Finding(string Code, string Message, string Action);
