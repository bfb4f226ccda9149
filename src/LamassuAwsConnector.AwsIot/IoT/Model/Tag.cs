#nullable disable

using System.Text.Json.Serialization;

namespace Amazon.IoT.Model;

/// <summary>The one structure whose members travel with a capital letter.</summary>
public partial class Tag
{
    [JsonPropertyName("Key")]
    public string Key { get; set; }

    [JsonPropertyName("Value")]
    public string Value { get; set; }
}
