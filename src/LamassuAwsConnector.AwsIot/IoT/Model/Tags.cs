#nullable disable

using System.Text.Json.Serialization;
using Amazon.Runtime;
using LamassuAwsConnector.AwsIot;

namespace Amazon.IoT.Model;

public partial class ListTagsForResourceRequest : AmazonIoTRequest
{
    public string NextToken { get; set; }

    public string ResourceArn { get; set; }
}

public partial class ListTagsForResourceResponse : AmazonWebServiceResponse
{
    public string NextToken { get; set; }

    public List<Tag> Tags { get; set; } = Unset.List<Tag>();
}

/// <summary>The one structure whose members travel with a capital letter.</summary>
public partial class Tag
{
    [JsonPropertyName("Key")]
    public string Key { get; set; }

    [JsonPropertyName("Value")]
    public string Value { get; set; }
}
